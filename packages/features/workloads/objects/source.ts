import { readDocuments, withoutNulls, formatPath, type Path, type Problem, type WorkloadSet } from "@plimsoll/api";
import { annotations, labels } from "../labels.ts";

/** A ConfigMap that manifests may be read from, as far as it is read. */
export interface SourceMap {
  namespace: string;
  name: string;
  version: string;
  data: Readonly<Record<string, string>>;
  /** The resources whose rights its writer was held to. */
  resources: readonly string[];
}

/** What a set reads from; undefined where it holds its manifests itself. */
type Asked = NonNullable<WorkloadSet["spec"]["source"]>["configMap"] | undefined;

/** A manifest as it is written, and where that is. */
export interface Raw {
  value: unknown;
  path: Path;
}

const at: Path = ["spec", "source", "configMap"];

/** What is read of a ConfigMap; undefined for one that isn't for sets. */
export function sourceMapOf(configMap: {
  metadata?: {
    namespace?: string;
    name?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  data?: Record<string, string>;
}): SourceMap | undefined {
  const { namespace = "", name = "", resourceVersion = "", labels: own = {}, annotations: notes = {} } = configMap.metadata ?? {};
  if (own[labels.source] === undefined) return undefined;
  const resources = (notes[annotations.resources] ?? "").split(",").flatMap((part) => part.trim() || []);
  return { namespace, name, version: resourceVersion, data: configMap.data ?? {}, resources };
}

/** The manifests of a set's source, or why there are none. */
export function manifestsIn(
  asked: NonNullable<Asked>,
  map: SourceMap | undefined,
  namespace: string,
): { manifests: Raw[] } | { problems: Problem[] } {
  const { name, key = "manifests.yaml", resources } = asked;
  const fault = (path: Path, message: string): { problems: Problem[] } => ({ problems: [{ path: [...at, ...path], message }] });
  if (map === undefined)
    return fault(
      ["name"],
      `there is no ConfigMap "${name}" with the label ${labels.source} in namespace "${namespace}": nothing is changed until there is`,
    );
  const lacking = resources.filter((resource) => !map.resources.includes(resource));
  if (lacking.length > 0)
    return fault(
      ["resources"],
      `the annotation ${annotations.resources} of ConfigMap "${name}" lacks ${lacking.join(", ")}: only who holds the rights for these may write it, so add them there`,
    );
  const text = map.data[key];
  if (text === undefined)
    return fault(["key"], `ConfigMap "${name}" has no "${key}" in its data: it has ${Object.keys(map.data).join(", ") || "nothing"}`);
  const { documents, problems } = readDocuments(text);
  const found = [...problems, ...documents.flatMap(({ ambiguities }) => ambiguities)];
  if (found.length > 0)
    return {
      problems: found.map(({ line, message }) => ({
        path: at,
        message: `${key}${line === undefined ? "" : `, line ${line}`}: ${message}`,
      })),
    };
  return { manifests: documents.map(({ value }, index) => ({ value: withoutNulls(value), path: [...at, key, index] })) };
}

/** A problem of what stands in a source, told at the field of the set that names it. */
export function inSource({ path, message, ...rest }: Problem): Problem {
  if (path[1] !== "source" || path.length <= at.length + 1) return { path, message, ...rest };
  const [key, index, ...within] = path.slice(at.length);
  return {
    ...rest,
    path: at,
    message: `${key}, document ${Number(index) + 1}${within.length > 0 ? `, ${formatPath(within)}` : ""}: ${message}`,
  };
}
