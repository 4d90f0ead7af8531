import type { Secret } from "kubernetes-types/core/v1.d.ts";
import { gunzipSync } from "node:zlib";
import * as z from "zod";
import { objectsIn, type ManifestObject } from "./manifest.ts";

/** A revision of the Helm release. */
export interface Revision {
  number: number;
  /** As Helm has it. */
  status: string;
  /** Of the chart. */
  version: string;
  /** What Helm said of it at last. */
  description: string;
  /** Milliseconds since 1970. */
  at: number;
  objects: readonly ManifestObject[];
  /** What it was given beside the chart's own values. */
  values: Record<string, unknown>;
}

const stored = z.object({
  name: z.string(),
  version: z.int(),
  info: z.object({ status: z.string(), description: z.string().default(""), last_deployed: z.string() }),
  chart: z.object({ metadata: z.object({ version: z.string() }) }),
  manifest: z.string().default(""),
  config: z.record(z.string(), z.unknown()).nullish(),
});

/** Selects the Secrets of a release. */
export function secretsOf(release: string): string {
  return `owner=helm,name=${release}`;
}

/**
 * Reads the Secret in which Helm keeps a revision (helm.sh/helm pkg/storage/driver: JSON, gzipped, in base64, and in base64 once
 * more as any Secret). Throws an Error that names the Secret where it is none.
 */
export function revisionOf({ metadata, data }: Secret): Revision {
  try {
    const text = gunzipSync(Buffer.from(Buffer.from(data?.["release"] ?? "", "base64").toString("latin1"), "base64")).toString("utf8");
    const { version: number, info, chart, manifest, config } = stored.parse(JSON.parse(text));
    const { status, description, last_deployed: at } = info;
    return {
      number,
      status,
      description,
      at: Date.parse(at),
      version: chart.metadata.version,
      objects: objectsIn(manifest),
      values: config ?? {},
    };
  } catch (error) {
    throw new Error(`the Secret ${metadata?.name} holds no revision of a release as Helm 3 and 4 keep it`, { cause: error });
  }
}

/** Whether Helm is at work on it, or was cut off. */
export function isPending({ status }: Revision): boolean {
  return status.startsWith("pending-");
}
