import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { controller } from "./controller.ts";
import { updater } from "./updater.ts";
import { imageOf, type ProgramImage } from "./image-of.ts";
import { architectures } from "./platform.ts";

/** The images that a release has. */
const images: readonly ProgramImage[] = [controller, updater];

/** Writes each image for all architectures into a folder, as an OCI image layout `NAME-VERSION.tar`; gives their digests by path. */
export async function writeImages(outdir: string): Promise<Map<string, string>> {
  const revision = execFileSync("git", ["rev-parse", "HEAD"], { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  const digests = new Map<string, string>();
  for (const image of images) {
    const path = join(outdir, `${basename(image.name)}-${image.version}.tar`);
    const scratch = await mkdtemp(join(tmpdir(), "plimsoll-image-"));
    try {
      digests.set(path, await imageOf(image, path, scratch, { architectures, revision, compress: true, fresh: true }));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
  return digests;
}
