import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where clusters keep their state; one folder a cluster. */
export function clustersFolder(env: NodeJS.ProcessEnv = process.env): string {
  const home = env["PLIMSOLL_HOME"] ?? join(env["XDG_STATE_HOME"] ?? join(homedir(), ".local/state"), "plimsoll");
  return join(resolve(home), "clusters");
}

/** Where binaries and images are kept between clusters; it may be deleted at any time. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env["PLIMSOLL_CACHE"] ?? join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "plimsoll"));
}
