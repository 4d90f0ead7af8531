import { writeArchive, type Image } from "@plimsoll/cluster";
import { basename, join } from "node:path";
import { readdir } from "node:fs/promises";
import { bundle } from "../bundle.ts";
import { addLibraries } from "./debian.ts";
import { addNode } from "./node.ts";
import type { Architecture } from "./platform.ts";
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

/**
 * Fills a folder with one for each layer of an image: its shared libraries, Node and the program, so that a new version shares
 * the first two with the one before. Gives their paths, the lowest first.
 */
export async function layersOf(
  image: Pick<ProgramImage, "entries" | "extraFiles">,
  folder: string,
  architecture: Architecture,
  { fresh = false }: { fresh?: boolean } = {},
): Promise<string[]> {
  const [libraries, node, program] = ["libraries", "node", "program"].map((name) => new Tree(join(folder, name))) as [Tree, Tree, Tree];
  await addLibraries(libraries, architecture, { fresh });
  await addUsers(libraries);
  await addNode(node, architecture);
  await addProgram(program, image, join(folder, "bundle"), architecture);
  return [libraries.root, node.root, program.root];
}

/** Writes an image as an OCI image layout, a tar, to `path`; gives its digest. `folder` is for what is needed meanwhile. */
export async function imageOf(image: ProgramImage, path: string, folder: string, build: Build): Promise<string> {
  const variants: Image[] = [];
  for (const architecture of build.architectures) {
    const layers = await layersOf(image, join(folder, architecture), architecture, build);
    variants.push({ name: `${image.name}:${image.version}`, architecture, config: configOf(image, build), layers });
  }
  const digests = await writeArchive(path, variants, { compress: build.compress ?? false });
  return Object.values(digests).join();
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
): Promise<void> {
  await bundle({ entries, outdir, minify: true, splitting: true });
  for (const file of (await readdir(outdir)).filter((name) => !name.endsWith(".map")))
    await tree.copy(join("app", file), join(outdir, file));
  await tree.copy("app/LICENSE", join(import.meta.dirname, "../../../LICENSE"));
  for (const [path, file] of Object.entries((await extraFiles?.(architecture)) ?? {})) await tree.copy(path, file);
}
