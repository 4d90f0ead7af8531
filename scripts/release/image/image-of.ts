import { writeArchive, type Image } from "@plimsoll/cluster";
import { basename, join } from "node:path";
import { readdir } from "node:fs/promises";
import { bundle } from "../bundle.ts";
import { nodeFor } from "../node.ts";
import type { Platform } from "../platform.ts";
import type { Architecture } from "./architecture.ts";
import { addLibraries } from "./debian.ts";
import { Tree } from "./tree.ts";

/** The user that programs run as. */
export const nonroot = 65_532;

/** A program of ours, as an image for several architectures. */
export interface ProgramImage {
  /** With its registry and without a tag, as `registry.plimsoll.dev/controller`. */
  name: string;
  version: string;
  /** A line on what it is. */
  description: string;
  /** Name → source file, bundled to /app/NAME.mjs. */
  entries: Readonly<Record<string, string>>;
  entrypoint: readonly string[];
  /** Ports that it listens at. */
  ports?: readonly number[];
  /** Further files of an architecture: path in the image → file on this machine. What can be run here can be run there. */
  extraFiles?: (architecture: Architecture) => Promise<Readonly<Record<string, string>>>;
}

export interface Build {
  architectures: readonly Architecture[];
  /** Of the commit that it is built from. */
  revision?: string;
  /** Whether to ask Debian's mirror for the latest libraries, though the cache has some. */
  fresh?: boolean;
  /** Layers as gzip. */
  compress?: boolean;
}

interface Layers {
  /** Their folders, the lowest first. */
  paths: string[];
  /** The folders of the npm packages that are bundled in the program, sorted. */
  packages: string[];
}

export interface Written {
  digest: string;
  packages: string[];
}

/**
 * Fills a folder with one for each layer of an image: its shared libraries, Node and the program, so that a new version shares
 * the first two with the one before.
 */
export async function layersOf(
  image: Pick<ProgramImage, "entries" | "extraFiles">,
  folder: string,
  architecture: Architecture,
  { fresh = false }: { fresh?: boolean } = {},
): Promise<Layers> {
  const [libraries, node, program] = ["libraries", "node", "program"].map((name) => new Tree(join(folder, name))) as [Tree, Tree, Tree];
  await addLibraries(libraries, architecture, { fresh });
  await addUsers(libraries);
  await addNode(node, `linux-${architecture}`);
  const packages = await addProgram(program, image, join(folder, "bundle"), architecture);
  return { paths: [libraries.root, node.root, program.root], packages };
}

/** Writes an image as an OCI image layout, a tar, to `path`. `folder` is for what is needed meanwhile. */
export async function imageOf(image: ProgramImage, path: string, folder: string, build: Build): Promise<Written> {
  const variants: Image[] = [];
  const packages = new Set<string>();
  for (const architecture of build.architectures) {
    const layers = await layersOf(image, join(folder, architecture), architecture, build);
    for (const one of layers.packages) packages.add(one);
    variants.push({ name: `${image.name}:${image.version}`, architecture, config: configOf(image, build), layers: layers.paths });
  }
  const digests = await writeArchive(path, variants, { compress: build.compress ?? false });
  return { digest: Object.values(digests).join(), packages: [...packages] };
}

/** What a container of an image is started with. */
export function configOf(image: ProgramImage, { revision }: Pick<Build, "revision"> = {}) {
  const ports = Object.fromEntries((image.ports ?? []).map((port) => [`${port}/tcp`, {}]));
  const labels = {
    title: basename(image.name),
    description: image.description,
    version: image.version,
    licenses: "Apache-2.0",
    ...(revision === undefined ? {} : { revision }),
  };
  return {
    User: `${nonroot}:${nonroot}`,
    WorkingDir: "/",
    Entrypoint: [...image.entrypoint],
    Env: ["SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
    ExposedPorts: ports,
    Labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [`org.opencontainers.image.${name}`, value])),
  };
}

/** Node and its licences. */
async function addNode(tree: Tree, platform: Platform): Promise<void> {
  const folder = await nodeFor(platform);
  await tree.copy("usr/bin/node", join(folder, "bin/node"));
  await tree.copy("usr/share/doc/node/LICENSE", join(folder, "LICENSE"));
}

async function addUsers(tree: Tree): Promise<void> {
  await tree.folder("tmp", 0o1777);
  const shell = "/usr/sbin/nologin"; // Which isn't there, either.
  await tree.write("etc/passwd", `root:x:0:0:root:/:${shell}\nnonroot:x:${nonroot}:${nonroot}:nonroot:/:${shell}\n`);
  await tree.write("etc/group", `root:x:0:\nnonroot:x:${nonroot}:\n`);
  await tree.write("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
}

async function addProgram(
  tree: Tree,
  { entries, extraFiles }: Pick<ProgramImage, "entries" | "extraFiles">,
  outdir: string,
  architecture: Architecture,
): Promise<string[]> {
  const { packages } = await bundle({ entries, outdir, minify: true, splitting: true });
  for (const file of (await readdir(outdir)).filter((name) => !name.endsWith(".map")))
    await tree.copy(join("app", file), join(outdir, file));
  await tree.copy("app/LICENSE", join(import.meta.dirname, "../../../LICENSE"));
  for (const [path, file] of Object.entries((await extraFiles?.(architecture)) ?? {})) await tree.copy(path, file);
  return packages;
}
