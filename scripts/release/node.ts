import { cacheFolder } from "@plimsoll/cluster";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { extract } from "tar";
import versions from "../../image/versions.json" with { type: "json" };
import { once } from "./once.ts";
import type { Platform } from "./platform.ts";

/** In the images and in the executables. */
const nodeVersion = versions.node.version;

/**
 * The folder with Node's `bin/node` and `LICENSE` for a platform: from the cache of this machine, or from the npm registry. Of
 * `nodeVersion`, the package's bytes must be those that are pinned.
 */
export async function nodeFor(platform: Platform, version = nodeVersion): Promise<string> {
  const { package: name, integrity } = versions.node.packages[platform];
  return once(join(cacheFolder(), "node", `${name}-${version}`), async (scratch) => {
    const args = ["pack", `${name}@${version}`, "--silent", "--pack-destination", scratch];
    const { stdout } = await promisify(execFile)("npm", args, { timeout: 600_000, cwd: scratch });
    const file = join(scratch, stdout.trim());
    const hash = createHash("sha512").update(await readFile(file));
    const found = `sha512-${hash.digest("base64")}`;
    if (version === nodeVersion && found !== integrity)
      throw new Error(`${name}@${version} has the integrity ${found}, and image/versions.json says ${integrity}: it isn't what was pinned`);
    await extract({ file, cwd: scratch, strip: 1 }, ["package/bin/node", "package/LICENSE"]);
    await rm(file);
  });
}
