import { cacheFolder } from "@plimsoll/cluster";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { imageOf, type ProgramImage } from "./image-of.ts";
import { thisArchitecture } from "./architecture.ts";

const folder = (): string => join(cacheFolder(), "images");
const dayMs = 86_400_000;

/**
 * A tar with an image of ours for this machine, as this checkout has it: built unless the cache has one of the same source.
 * Those of other sources are deleted after a day.
 */
export async function cachedImage(image: ProgramImage): Promise<string> {
  const name = basename(image.name);
  const path = join(folder(), `${name}-${await sourceHash(image)}.tar`);
  if (existsSync(path)) return path;
  const scratch = await mkdtemp(join(tmpdir(), "plimsoll-image-"));
  try {
    await imageOf(image, path, scratch, { architectures: [thisArchitecture] });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  for (const file of await readdir(folder())) {
    const old = join(folder(), file);
    if (file.startsWith(`${name}-`) && Date.now() - (await stat(old)).mtimeMs > dayMs) await rm(old, { force: true });
  }
  return path;
}

/** Of all that may go into the image: what is ours, and the versions of what isn't. */
async function sourceHash(image: ProgramImage): Promise<string> {
  const root = join(import.meta.dirname, "../../..");
  const hash = createHash("sha256").update(JSON.stringify(image));
  for (const part of ["packages", "scripts/release", "image"]) {
    const files = await readdir(join(root, part), { recursive: true, withFileTypes: true });
    const paths = files
      .filter((file) => file.isFile() && !file.parentPath.includes("/node_modules"))
      .map((file) => join(file.parentPath, file.name));
    for (const path of paths.toSorted()) hash.update(path.slice(root.length)).update(await readFile(path));
  }
  for (const file of ["package-lock.json", "tsconfig.json"]) hash.update(await readFile(join(root, file)));
  return hash.digest("hex").slice(0, 16);
}
