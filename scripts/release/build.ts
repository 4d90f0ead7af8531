import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { thisPlatform } from "./platform.ts";
import { root } from "./release.ts";

/** Builds a release for this machine into a folder, as people do, but for its images. */
export async function buildRelease(out: string): Promise<void> {
  const args = ["scripts/release/main.ts", "--out", out, "--platforms", thisPlatform, "--without", "images"];
  await promisify(execFile)(process.execPath, args, { cwd: root });
}
