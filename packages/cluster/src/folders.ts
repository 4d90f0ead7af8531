import { homedir } from "node:os";
import { join } from "node:path";

const env = process.env;

/** Binaries and images, made once for all clusters. */
export const cacheFolder = (): string => env["PLIMSOLL_CACHE"] || join(homedir(), ".cache", "plimsoll");

/** What clusters hold, a folder each. */
export const clustersFolder = (): string => join(env["PLIMSOLL_HOME"] || join(homedir(), ".local", "state", "plimsoll"), "clusters");
