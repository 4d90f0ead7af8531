// Builds the images without Docker. --help says how.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { messageOf } from "@plimsoll/kube";
import { controller } from "./image/controller.ts";
import { updater } from "./image/updater.ts";
import { imageOf, layersOf, type ProgramImage } from "./image/image-of.ts";
import { architectures, thisArchitecture, type Architecture } from "./image/platform.ts";

const usage = `Usage: node_modules/.bin/node scripts/release/image.ts [options]

Builds an image as OCI image layouts: a tar for each architecture, and one for both. It takes npm, apt-get and dpkg-deb. The updater's, which
has Helm in it, is built for this machine's architecture alone.

  --image IMAGE      controller or updater (default: controller)
  --outdir FOLDER    where the tars go (default: dist/images)
  --layers FOLDER    writes the layers as folders there instead, as the Dockerfile needs them
  --arch ARCH        of these: ${architectures.join(" or ")}
`;

try {
  const options = {
    image: { type: "string", default: "controller" },
    outdir: { type: "string", default: "dist/images" },
    layers: { type: "string" },
    arch: { type: "string", default: "amd64" },
    help: { type: "boolean" },
  } as const;
  const { image: name, outdir, layers, arch, help } = parseArgs({ options }).values;
  const architecture = architectures.find((one) => one === arch);
  if (architecture === undefined) throw new Error(`--arch ${arch}: there is ${architectures.join(" and ")}`);
  const image = new Map<string, ProgramImage>(Object.entries({ controller, updater })).get(name);
  if (image === undefined) throw new Error(`--image ${name}: there is controller and updater`);
  if (help) process.stdout.write(usage);
  else if (layers !== undefined) await layersOf(image, resolve(layers), architecture, { fresh: true });
  else await build(image, resolve(outdir));
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exitCode = 1;
}

async function build(image: ProgramImage, outdir: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "plimsoll-image-"));
  const revision = execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim();
  const one = async (name: string, chosen: readonly Architecture[], fresh: boolean): Promise<void> => {
    const path = join(outdir, `${basename(image.name)}-${image.version}${name}.tar`);
    const digest = await imageOf(image, path, join(scratch, `all${name}`), { architectures: chosen, revision, compress: true, fresh });
    console.log(`${path} ${digest}`);
  };
  try {
    const built = image.extraFiles ? [thisArchitecture] : architectures;
    await one("", built, true);
    for (const architecture of built) await one(`-linux-${architecture}`, [architecture], false);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
