import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { controller } from "./controller.ts";
import { updater } from "./updater.ts";
import { imageOf, type ProgramImage, type Written } from "./image-of.ts";
import { architectures } from "./architecture.ts";

/** The images that a release has. */
const images: readonly ProgramImage[] = [controller, updater];

/** Writes each image for all architectures into a folder, as an OCI image layout `NAME-VERSION.tar`; gives by path what was written. */
export async function writeImages(outdir: string): Promise<Map<string, Written>> {
  const revision = execFileSync("git", ["rev-parse", "HEAD"], { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  const written = new Map<string, Written>();
  for (const image of images) {
    const path = join(outdir, `${basename(image.name)}-${image.version}.tar`);
    const scratch = await mkdtemp(join(tmpdir(), "plimsoll-image-"));
    try {
      written.set(path, await imageOf(image, path, scratch, { architectures, revision, compress: true, fresh: true }));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
  return written;
}
