// Builds the images without Docker. --help says how.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { messageOf } from "@plimsoll/kube/message";
import { controller } from "./image/controller.ts";
import { layersOf } from "./image/image-of.ts";
import { writeImages } from "./image/images.ts";
import { architectures } from "./image/architecture.ts";

const usage = `Usage: node_modules/.bin/node scripts/release/image.ts [options]

Builds the images as OCI image layouts, a tar each for all architectures. It takes npm, apt-get and dpkg-deb.

  --outdir FOLDER    where the tars go (default: dist/images)
  --layers FOLDER    writes the layers of the controller's image as folders there instead, as the Dockerfile needs them
  --arch ARCH        of these: ${architectures.join(" or ")}
`;

try {
  const options = {
    outdir: { type: "string", default: "dist/images" },
    layers: { type: "string" },
    arch: { type: "string", default: "amd64" },
    help: { type: "boolean" },
  } as const;
  const { outdir, layers, arch, help } = parseArgs({ options }).values;
  const architecture = architectures.find((one) => one === arch);
  if (architecture === undefined) throw new Error(`--arch ${arch}: there is ${architectures.join(" and ")}`);
  if (help) process.stdout.write(usage);
  else if (layers !== undefined) await layersOf(controller, resolve(layers), architecture, { fresh: true });
  else for (const [path, { digest }] of await writeImages(resolve(outdir))) console.log(`${path} ${digest}`);
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
