import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { thisPlatform } from "./platform.ts";
import { root } from "./release.ts";

/** Builds a release for this machine into a folder, as people do, but for its images; of another checkout by its own code. */
export async function buildRelease(out: string, checkout = root): Promise<void> {
  const args = ["scripts/release/main.ts", "--out", out, "--platforms", thisPlatform, "--without", "images"];
  await promisify(execFile)(join(checkout, "node_modules/node/bin/node"), args, { cwd: checkout });
}
