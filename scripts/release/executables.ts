import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "tar";
import { bundle } from "./bundle.ts";
import { nodeFor } from "./node.ts";
import { controllersAlone } from "./packages.ts";
import { thisPlatform, type Platform } from "./platform.ts";
import { root, type Release } from "./release.ts";

/** Of an archive, from its root. */
export const executable = "plimsoll";

export const archiveOf = (platform: Platform, version: string): string => `plimsoll-${version}-${platform}.tar.gz`;

/** Builds the command line as one executable for each platform, which needs no Node, and archives it with its licences. */
export async function executables(release: Release): Promise<void> {
  const { folder, platforms, version, contents } = release;
  const parts = mkdtempSync(join(folder, "executables-"));
  const { packages } = await bundle({
    entries: { [executable]: "packages/cli/src/main.ts" },
    outdir: parts,
    format: "cjs",
    minify: true,
    sourcemap: false,
    external: ["@plimsoll/cluster", ...controllersAlone],
  });
  for (const platform of platforms) {
    const archive = join(parts, platform);
    mkdirSync(archive);
    const node = await nodeFor(platform);
    build(platform, join(node, "bin/node"), parts);
    copyFileSync(join(root, "LICENSE"), join(archive, "LICENSE"));
    copyFileSync(join(parts, "THIRD-PARTY-LICENSES.txt"), join(archive, "THIRD-PARTY-LICENSES.txt"));
    copyFileSync(join(node, "LICENSE"), join(archive, "NODE-LICENSE.txt"));
    const files = [executable, "LICENSE", "THIRD-PARTY-LICENSES.txt", "NODE-LICENSE.txt"];
    const file = archiveOf(platform, version);
    await create({ cwd: archive, file: join(folder, file), gzip: true, portable: true, mtime: new Date(0) }, files);
    contents.set(file, packages);
  }
  rmSync(parts, { recursive: true });
}

/**
 * The code cache spares more than half of the start. V8 takes it only under the flags that it was made with, and makes the same one
 * twice only with the same seed for its hash tables; the seed would be random otherwise, which a program that serves nobody can do without.
 */
const sameSeed = "--hash-seed=1";

function build(platform: Platform, node: string, parts: string): void {
  const isCached = platform === thisPlatform;
  const config = {
    main: `${executable}.cjs`,
    executable: node,
    output: join(platform, executable),
    disableExperimentalSEAWarning: true,
    useCodeCache: isCached,
    ...(isCached && { execArgv: [sameSeed] }),
  };
  writeFileSync(join(parts, "sea.json"), JSON.stringify(config));
  execFileSync(process.execPath, [sameSeed, "--build-sea", "sea.json"], { cwd: parts, stdio: ["ignore", "ignore", "inherit"] });
  if (platform.startsWith("darwin-")) execFileSync("codesign", ["--sign", "-", join(parts, platform, executable)], { stdio: "inherit" });
}
