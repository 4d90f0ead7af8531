import { parseAllDocuments } from "yaml";
import * as z from "zod";

const schema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional(), annotations: z.record(z.string(), z.string()).optional() }),
});

/** An object of a release. */
export type ManifestObject = z.output<typeof schema>;

/** What tells an object from others. */
export interface ObjectName {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string | undefined;
}

/** The objects of a manifest, as Helm keeps it. */
export function objectsIn(manifest: string): ManifestObject[] {
  return parseAllDocuments(manifest).flatMap((document) => {
    const value: unknown = document.toJS();
    return value === null ? [] : [schema.parse(value)];
  });
}

export function nameOf({ apiVersion, kind, metadata: { name, namespace } }: ManifestObject): ObjectName {
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
}

export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** How the API server calls what is of a kind; true of all kinds that the chart has. */
export function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  return lower.endsWith("y") ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

/** An object is the same in two releases whatever version of its API they use. */
export function keyOf({ apiVersion, kind, metadata }: ManifestObject): string {
  return [groupOf(apiVersion), kind, metadata.namespace ?? "", metadata.name].join("/");
}

/** What the first of two releases has and the second hasn't; what is kept when Helm drops it is left out. */
export function onlyIn(a: readonly ManifestObject[], b: readonly ManifestObject[]): ManifestObject[] {
  const others = new Set(b.map(keyOf));
  return a.filter((one) => !others.has(keyOf(one)) && one.metadata.annotations?.["helm.sh/resource-policy"] !== "keep");
}
