import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildRelease } from "../../scripts/release/build.ts";
import { nodeFor } from "../../scripts/release/node.ts";
import { platforms, thisPlatform } from "../../scripts/release/platform.ts";
import { oldestNode } from "../../scripts/release/release.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of a release that was built for this machine. */
    release: string;
    /** The oldest Node that the release says it runs under. */
    oldNode: string;
  }
}

/** One release for all tests of a run. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-release-"));
  const release = join(folder, "dist");
  await buildRelease(release);
  const platform = platforms.find((one) => one === thisPlatform);
  if (platform === undefined) throw new Error(`there is no Node for ${thisPlatform} on npm: ${platforms.join(", ")}`);
  project.provide("release", release);
  project.provide("oldNode", join(await nodeFor(platform, oldestNode), "bin/node"));
  return () => rmSync(folder, { recursive: true });
}
