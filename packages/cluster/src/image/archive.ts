import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { thisPlatform } from "../binaries/release.ts";
import { cacheMode } from "../folders.ts";
import { run } from "../host/run.ts";
import { addLayer, addText, mediaTypes, type Descriptor } from "./blob.ts";

export interface ImageConfig {
  /** Beside PATH. */
  Env?: string[];
  Cmd?: string[];
  Entrypoint?: string[];
  User?: string;
  WorkingDir?: string;
  ExposedPorts?: Record<string, object>;
  Labels?: Record<string, string>;
}

/** One image for one architecture. */
export interface Image {
  /** With its tag; without a registry it is Docker Hub's, as "busybox:latest". Several architectures may share one. */
  name: string;
  /** Go's name of the architecture. Default: this machine's. */
  architecture?: string;
  config: ImageConfig;
  /** Folders, each of which becomes a layer over the ones before it. */
  layers: readonly string[];
}

export interface ArchiveOptions {
  /** Layers as gzip, as registries hold them. Default: false, which is quicker. */
  compress?: boolean;
}

const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Writes a tar with an OCI image layout (https://github.com/opencontainers/image-spec/blob/main/image-layout.md) to `path`; images
 * of one name become one for several architectures. Everything in them belongs to root, and has no time of its own:
 * the same trees give the same digests. Gives the digest of each name.
 */
export async function writeArchive(
  path: string,
  images: readonly Image[],
  { compress = false }: ArchiveOptions = {},
): Promise<Record<string, string>> {
  await mkdir(dirname(path), { recursive: true, mode: cacheMode });
  const scratch = await mkdtemp(join(dirname(path), ".new-"));
  try {
    const layout = join(scratch, "layout");
    await mkdir(join(layout, "blobs/sha256"), { recursive: true });
    const named = Map.groupBy(images, ({ name }) => fullName(name));
    const manifests: Descriptor[] = [];
    for (const [name, variants] of named) {
      const descriptor = await addIndex(layout, variants, compress);
      const annotations = { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": name.slice(name.lastIndexOf(":") + 1) };
      manifests.push({ ...descriptor, annotations });
    }
    const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
    await writeFile(join(layout, "index.json"), JSON.stringify(index));
    await writeFile(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
    const tar = join(scratch, "image.tar");
    await run("tar", ["--create", "--file", tar, "--directory", layout, ...reproducible, "oci-layout", "index.json", "blobs"]);
    await rename(tar, path);
    return Object.fromEntries(Array.from(named.keys(), (name, place) => [name, manifests[place]?.digest ?? ""]));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Arguments of tar by which the same tree gives the same bytes. */
const reproducible = ["--sort=name", "--mtime=@0", "--numeric-owner", "--owner=0", "--group=0", "--format=gnu"];

/** One architecture's manifest stands for itself. */
async function addIndex(layout: string, images: readonly Image[], compress: boolean): Promise<Descriptor> {
  const manifests: Descriptor[] = [];
  for (const image of images) manifests.push(await addManifest(layout, image, compress));
  const [only, ...others] = manifests;
  if (only !== undefined && others.length === 0) return only;
  return addText(layout, mediaTypes.index, { schemaVersion: 2, mediaType: mediaTypes.index, manifests });
}

async function addManifest(layout: string, image: Image, compress: boolean): Promise<Descriptor> {
  const { architecture = thisPlatform.arch, config } = image;
  const layers = [];
  for (const folder of image.layers) layers.push(await addLayer(layout, folder, reproducible, compress));
  const described = await addText(layout, mediaTypes.config, {
    architecture,
    os: "linux",
    created: "1970-01-01T00:00:00Z",
    config: { ...config, Env: [path, ...(config.Env ?? [])] },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const manifest = await addText(layout, mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: described,
    layers: layers.map(({ descriptor }) => descriptor),
    ...(config.Labels && { annotations: config.Labels }),
  });
  return { ...manifest, platform: { os: "linux", architecture } };
}

/** As containerd names images. */
function fullName(name: string): string {
  return name.includes("/") ? name : `docker.io/library/${name}`;
}
