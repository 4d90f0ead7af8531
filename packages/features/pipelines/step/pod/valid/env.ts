import type { Path, Problem } from "@plimsoll/api";
import { parseQuantity } from "@plimsoll/model/quantity";
import { justOne, named, required } from "./check.ts";
import { dataKey, objectName, qualifiedName, variableName, withinPath, wordName, type Rule } from "./names.ts";

interface KeyRef {
  name?: string;
  key?: string;
}

interface FieldRef {
  apiVersion?: string;
  fieldPath?: string;
}

interface ResourceFieldRef {
  containerName?: string;
  resource?: string;
  divisor?: string | number;
}

/** An environment variable. */
export interface Variable {
  name?: string;
  value?: string;
  valueFrom?: {
    fieldRef?: FieldRef;
    resourceFieldRef?: ResourceFieldRef;
    configMapKeyRef?: KeyRef;
    secretKeyRef?: KeyRef;
    fileKeyRef?: { volumeName?: string; path?: string; key?: string };
  };
}

/** A source of many. */
export interface VariableSource {
  prefix?: string;
  configMapRef?: { name?: string };
  secretRef?: { name?: string };
}

const sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];
const ofEnv =
  "metadata.name metadata.namespace metadata.uid spec.nodeName spec.serviceAccountName status.hostIP status.hostIPs status.podIP status.podIPs".split(
    " ",
  );
const ofVolume = ["metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid"];
const ofContainer = ["cpu", "memory", "ephemeral-storage"].flatMap((name) => [`limits.${name}`, `requests.${name}`]);

/** What is wrong with a container's environment variables. */
export function* envProblems(env: readonly Variable[], path: Path): Generator<Problem> {
  for (const [index, { name, value, valueFrom }] of env.entries()) {
    const at = [...path, index];
    yield* required(name, [...at, "name"], variableName);
    if (valueFrom === undefined) continue;
    const from = [...at, "valueFrom"];
    yield* justOne(valueFrom, sources, from);
    if (value !== undefined && value !== "") yield { path: from, message: "stands beside value: give one of them" };
    const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom;
    if (fieldRef) yield* fieldProblems(fieldRef, "env", [...from, "fieldRef"]);
    if (resourceFieldRef) yield* amountProblems(resourceFieldRef, [...from, "resourceFieldRef"]);
    for (const [kind, ref] of Object.entries({ configMapKeyRef, secretKeyRef })) {
      if (ref === undefined) continue;
      yield* required(ref.name, [...from, kind, "name"], objectName);
      yield* required(ref.key, [...from, kind, "key"], dataKey);
    }
    if (fileKeyRef) {
      yield* required(fileKeyRef.volumeName, [...from, "fileKeyRef", "volumeName"], wordName);
      yield* required(fileKeyRef.path, [...from, "fileKeyRef", "path"], withinPath);
      yield* required(fileKeyRef.key, [...from, "fileKeyRef", "key"], variableName);
    }
  }
}

/** What is wrong with the Secrets and ConfigMaps that a container takes its variables from. */
export function* envFromProblems(list: readonly VariableSource[], path: Path): Generator<Problem> {
  for (const [index, source] of list.entries()) {
    if (source.prefix !== "") yield* named(source.prefix, variableName, [...path, index, "prefix"]);
    yield* justOne(source, ["configMapRef", "secretRef"], [...path, index]);
    for (const kind of ["configMapRef", "secretRef"] as const)
      if (source[kind]) yield* required(source[kind].name, [...path, index, kind, "name"], sourceName);
  }
}

/** What is wrong with a field of the pod that a variable, or a file of a volume, is to hold. */
export function* fieldProblems({ apiVersion = "v1", fieldPath }: FieldRef, holder: "env" | "volume", path: Path): Generator<Problem> {
  const at = [...path, "fieldPath"];
  if (apiVersion !== "v1") yield { path: [...path, "apiVersion"], message: `is ${JSON.stringify(apiVersion)}: must be v1` };
  if (fieldPath === undefined || fieldPath === "") return yield* required(fieldPath, at);
  const known = holder === "env" ? ofEnv : ofVolume;
  const [, map, key = ""] = /^(.*)\['(.*)'\]$/s.exec(fieldPath) ?? [];
  const isKnown = map === undefined ? known.includes(fieldPath) : map === "metadata.labels" || map === "metadata.annotations";
  if (!isKnown)
    yield {
      path: at,
      message: `is ${JSON.stringify(fieldPath)}: must be ${known.join(", ")}, or metadata.labels['NAME'] or metadata.annotations['NAME']`,
    };
  else if (map !== undefined) yield* named(map === "metadata.annotations" ? key.toLowerCase() : key, qualifiedName, at);
}

/** What is wrong with a container's request or limit that a variable, or a file of a volume, is to hold. */
export function* amountProblems({ resource, divisor = 0 }: ResourceFieldRef, path: Path): Generator<Problem> {
  const at = [...path, "resource"];
  if (resource === undefined || resource === "") return yield* required(resource, at);
  if (!ofContainer.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource))
    yield { path: at, message: `is ${JSON.stringify(resource)}: must be one of ${ofContainer.join(", ")}` };
  const unit = parseQuantity(divisor) ?? 0n;
  const units = divisorsOf(resource);
  const isUnit = (text: string): boolean => parseQuantity(text) === unit && isBinary(text) === isBinary(divisor);
  if (unit !== 0n && units !== undefined && (isUnusual(divisor) || !units.some(isUnit)))
    yield { path: [...path, "divisor"], message: `is ${divisor}: must be one of ${units.join(", ")}` };
}

/** Divisors are compared as texts: what is written with an exponent, a plus or zeros before it stays so, and 1024 isn't 1Ki. */
function isUnusual(amount: string | number): boolean {
  return /^\+|^0\d|[eE][-+]?\d/.test(String(amount));
}

function isBinary(amount: string | number): boolean {
  return String(amount).endsWith("i");
}

function divisorsOf(resource: string): readonly string[] | undefined {
  if (resource.endsWith(".cpu")) return ["1m", "1"];
  return /\.(memory|ephemeral-storage)$|\.hugepages-/.test(resource)
    ? ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"]
    : undefined;
}

/** Kubernetes lets a name end in a dash here. */
const sourceName: Rule = (text) => objectName(text.replace(/-$/, "a"));
