import { cacheFolder } from "@plimsoll/cluster";
import { nodeFlags } from "@plimsoll/controller";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../../packages/controller/package.json" with { type: "json" };
import { imageOf, type ProgramImage } from "./image-of.ts";
import { thisArchitecture } from "./platform.ts";

const program = "plimsoll-controller";

/** The image of the controller. */
export const controller: ProgramImage = {
  name: "registry.plimsoll.dev/controller",
  version: packageJson.version,
  description: "Runs Plimsoll's features in a Kubernetes cluster",
  entries: { [program]: "packages/controller/src/main.ts" },
  entrypoint: ["/usr/bin/node", ...nodeFlags, `/app/${program}.mjs`],
  ports: [8080],
};

const folder = (): string => join(cacheFolder(), "images");
const dayMs = 86_400_000;

/**
 * A tar with the controller's image for this machine, as this checkout has it: built unless the cache has one of the same source.
 * Those of other sources are deleted after a day.
 */
export async function controllerImage(): Promise<string> {
  const path = join(folder(), `controller-${await sourceHash()}.tar`);
  if (existsSync(path)) return path;
  const scratch = await mkdtemp(join(tmpdir(), "plimsoll-image-"));
  try {
    await imageOf(controller, path, scratch, { architectures: [thisArchitecture] });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  for (const file of await readdir(folder())) {
    const old = join(folder(), file);
    if (/^controller-.*\.tar$/.test(file) && Date.now() - (await stat(old)).mtimeMs > dayMs) await rm(old, { force: true });
  }
  return path;
}

/** Of all that may go into the image: what is ours, and the versions of what isn't. */
async function sourceHash(): Promise<string> {
  const root = join(import.meta.dirname, "../../..");
  const hash = createHash("sha256").update(JSON.stringify(controller));
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
