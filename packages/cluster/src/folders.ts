import { homedir } from "node:os";
import { join } from "node:path";

const env = process.env;

/** Binaries and images, made once for all clusters. */
export const cacheFolder = (): string => env["PLIMSOLL_CACHE"] || join(homedir(), ".cache", "plimsoll");

/** Of its folders: root runs the programs in them, so that nobody else may put any there, whatever the umask. */
export const cacheMode = 0o755;

/** What clusters hold, a folder each. */
export const clustersFolder = (): string => join(env["PLIMSOLL_HOME"] || join(homedir(), ".local", "state", "plimsoll"), "clusters");
