import { Command } from "commander";
import { examples, named, type Named } from "../command/named.ts";
import { printProgress } from "../command/print.ts";
import { readState } from "../state.ts";
import { settingOf } from "../command/status.ts";
import { buildImage, imageNames } from "./build.ts";
import { loadImage } from "./load.ts";

/** `plimsoll cluster image`. */
export function imageCommand(): Command {
  const build = named(new Command("build"))
    .description("build one of the images that the examples use, and load it into a cluster that has a real node")
    .argument("<image>", imageNames.join(" or "))
    .addHelpText("after", examples("plimsoll cluster image build python-sklearn"))
    .action(async (image: string, { name }: Named) => {
      const onProgress = printProgress(process.stderr);
      const archive = await buildImage(image, onProgress);
      if (readState(name)?.slot === undefined) console.log(archive);
      else await load(name, archive);
    });
  const loading = named(new Command("load"))
    .description("load images from a docker-archive or OCI tar")
    .argument("<tar>", "as `docker save` writes it")
    .addHelpText("after", examples("docker save my-image:1.0 > /tmp/my-image.tar && plimsoll cluster image load /tmp/my-image.tar"))
    .action((tar: string, { name }: Named) => load(name, tar));
  return new Command("image")
    .description("give a cluster's real node container images, without a registry")
    .addCommand(build)
    .addCommand(loading);
}

async function load(name: string, tar: string): Promise<void> {
  for (const image of await loadImage(settingOf(name), tar)) console.log(image);
}
