import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { run } from "../host/run.ts";

const oci = "application/vnd.oci.image";

export const mediaTypes = {
  index: `${oci}.index.v1+json`,
  manifest: `${oci}.manifest.v1+json`,
  config: `${oci}.config.v1+json`,
  layer: `${oci}.layer.v1.tar`,
  compressedLayer: `${oci}.layer.v1.tar+gzip`,
};

/** What an image layout says of one of its blobs. */
export interface Descriptor {
  mediaType: string;
  digest: string;
  /** Bytes. */
  size: number;
  platform?: { os: string; architecture: string };
  annotations?: Record<string, string>;
}

/** Adds an object's JSON to an image layout. */
export async function addText(layout: string, mediaType: string, value: object): Promise<Descriptor> {
  const text = JSON.stringify(value);
  const digest = createHash("sha256").update(text).digest("hex");
  await writeFile(join(layout, "blobs/sha256", digest), text);
  return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
}

/** Adds a folder as a layer to an image layout; `diffId` is the digest of its tar. */
export async function addLayer(
  layout: string,
  folder: string,
  tarArguments: readonly string[],
  compress: boolean,
): Promise<{ descriptor: Descriptor; diffId: string }> {
  const tar = join(layout, randomUUID());
  await run("tar", ["--create", "--file", tar, "--directory", folder, ...tarArguments, "."]);
  const diffId = await sha256(tar);
  let [blob, digest] = [tar, diffId];
  if (compress) {
    blob = `${tar}.gz`;
    await pipeline(createReadStream(tar), createGzip({ level: 9 }), createWriteStream(blob));
    await rm(tar);
    digest = await sha256(blob);
  }
  const { size } = await stat(blob);
  await rename(blob, join(layout, "blobs/sha256", digest.slice("sha256:".length)));
  return { descriptor: { mediaType: compress ? mediaTypes.compressedLayer : mediaTypes.layer, digest, size }, diffId };
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest("hex")}`;
}
