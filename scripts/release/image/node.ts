import { cacheFolder } from "@plimsoll/cluster";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import versions from "../../../image/versions.json" with { type: "json" };
import { once, type Architecture } from "./platform.ts";
import type { Tree } from "./tree.ts";

const run = promisify(execFile);

/** Puts the pinned Node and its licences into a layer, as /usr/bin/node. */
export async function addNode(tree: Tree, architecture: Architecture): Promise<void> {
  const folder = await nodePackage(architecture);
  await tree.copy("usr/bin/node", join(folder, "package/bin/node"));
  await tree.copy("usr/share/doc/node/LICENSE", join(folder, "package/LICENSE"));
}

/** The unpacked npm package with Node for an architecture: from the cache, or from the npm registry where its bytes are those that were pinned. */
async function nodePackage(architecture: Architecture): Promise<string> {
  const { version } = versions.node;
  const { package: name, integrity } = versions.node[architecture];
  return once(join(cacheFolder(), "node-packages", `${name}-${version}`), async (scratch) => {
    const args = ["pack", `${name}@${version}`, "--silent", "--pack-destination", scratch];
    const { stdout } = await run("npm", args, { timeout: 600_000, cwd: scratch });
    const file = join(scratch, stdout.trim());
    const found = `sha512-${createHash("sha512")
      .update(await readFile(file))
      .digest("base64")}`;
    if (found !== integrity)
      throw new Error(
        `${name}@${version} has the integrity ${found}, and image/versions.json says ${integrity}: it is not what was pinned`,
      );
    await run("tar", ["-xzf", file, "-C", scratch, "package/bin/node", "package/LICENSE"]);
    await rm(file);
  });
}
