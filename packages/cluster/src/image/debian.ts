import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "@plimsoll/kube";
import { ClusterError } from "../failure.ts";
import { cacheFolder, cacheMode } from "../folders.ts";
import { canRunContainers, installPackages } from "../host/machine.ts";
import { step, type OnProgress } from "../command/progress.ts";
import { run } from "../host/run.ts";
import { writeArchive, type ImageConfig } from "./archive.ts";

const suite = "bookworm";

/** What a program that runs needs none of. */
const ballast = [
  "usr/include",
  "usr/share/doc",
  "usr/share/man",
  "usr/share/info",
  "usr/share/locale",
  "usr/share/i18n",
  "var/cache/apt",
  "var/lib/apt/lists",
  "var/log",
];
const ballastFiles = ["-name", "*.a", "-o", "-name", "__pycache__", "-o", "-path", "*/dist-packages/*/tests"];

/** An image of Debian with some packages. */
export interface DebianImage {
  name: string;
  /** Of Debian, beside the least that there is. */
  packages: readonly string[];
  config: ImageConfig;
  /** Further work on the tree. */
  finish?: (root: string, onProgress: OnProgress) => Promise<void>;
}

/** A tar with an image of Debian. Made once, in some minutes, and kept. */
export async function debianArchive({ name, packages, config, finish }: DebianImage, onProgress: OnProgress): Promise<string> {
  const archive = join(cacheFolder(), `images/${name}.tar`);
  if (existsSync(archive)) return archive;
  if (!canRunContainers()) throw new ClusterError("Building an image needs Linux and root.");
  if (!existsSync("/usr/sbin/debootstrap")) await installPackages(["debootstrap"], "building an image", onProgress);
  await mkdir(cacheFolder(), { recursive: true, mode: cacheMode });
  const scratch = await mkdtemp(join(cacheFolder(), ".image-"));
  const root = join(scratch, "root");
  try {
    await step(onProgress, `building the image ${name} (minutes, the first time)`, async () => {
      await mkdir(root);
      // In a mount namespace of its own: what it mounts, and may leave mounted, ends with it. There the folder has a plain name.
      const script = `mount --bind "$1" /mnt; exec /usr/sbin/debootstrap --variant=minbase --include=${packages.join(",")} ${suite} /mnt`;
      await run("unshare", ["--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", script, "sh", root]).catch((error: unknown) => {
        throw new ClusterError(`debootstrap could not make a Debian system: ${messageOf(error)}`, { cause: error });
      });
      await finish?.(root, onProgress);
      await Promise.all(ballast.map((path) => rm(join(root, path), { recursive: true, force: true })));
      await mkdir(join(root, "var/log"));
      await run("find", [root, "-xdev", "(", ...ballastFiles, ")", "-prune", "-exec", "rm", "-rf", "{}", "+"]);
      await writeArchive(archive, [{ name: `${name}:latest`, config, layers: [root] }]);
    });
    return archive;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
