import type { Path, Problem } from "@plimsoll/api";
import { parseQuantity } from "@plimsoll/model/quantity";
import { imageProblems, justOne, named, once, oneOf, required, within } from "./check.ts";
import { amountProblems, fieldProblems } from "./env.ts";
import { objectName, ownPath, wordName, withinPath, type Rule } from "./names.ts";
import { selectorProblems, type LabelSelector } from "./selector.ts";

interface Item {
  key?: string;
  path?: string;
  mode?: number;
}

interface File {
  path?: string;
  mode?: number;
  fieldRef?: { apiVersion?: string; fieldPath?: string };
  resourceFieldRef?: { containerName?: string; resource?: string; divisor?: string | number };
}

interface Source {
  secret?: { name?: string; items?: readonly Item[] };
  configMap?: { name?: string; items?: readonly Item[] };
  downwardAPI?: { items?: readonly File[] };
  serviceAccountToken?: { path?: string; expirationSeconds?: number };
  clusterTrustBundle?: { name?: string; signerName?: string; path?: string; labelSelector?: LabelSelector };
  podCertificate?: object;
}

/** A volume of a pod, of those kinds that are looked at in depth. */
export interface Volume {
  name?: string;
  configMap?: { name?: string; items?: readonly Item[]; defaultMode?: number };
  secret?: { secretName?: string; items?: readonly Item[]; defaultMode?: number };
  emptyDir?: { sizeLimit?: string | number; medium?: string };
  hostPath?: { path?: string; type?: string };
  persistentVolumeClaim?: { claimName?: string };
  downwardAPI?: { items?: readonly File[]; defaultMode?: number };
  projected?: { sources?: readonly Source[]; defaultMode?: number };
  ephemeral?: { volumeClaimTemplate?: { metadata?: object; spec?: Claim } };
  csi?: { driver?: string; nodePublishSecretRef?: { name?: string } };
  image?: { reference?: string; pullPolicy?: string };
  nfs?: { server?: string; path?: string };
}

/** What a volume is asked for by. */
export interface Claim {
  accessModes?: readonly string[];
  resources?: { requests?: Readonly<Record<string, string | number>> };
  storageClassName?: string;
  volumeMode?: string;
  selector?: LabelSelector;
}

const sources = ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"];
const hostTypes = ["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"];
const accessModes = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];

/** What is wrong with a pod's volumes. */
export function* volumeProblems(volumes: readonly Volume[], path: Path): Generator<Problem> {
  for (const [index, volume] of volumes.entries()) {
    const at = [...path, index];
    const { name, ...kinds } = volume;
    yield* required(name, [...at, "name"], wordName);
    const [first, ...more] = Object.keys(kinds).filter((kind) => Reflect.get(kinds, kind) !== undefined);
    if (first === undefined) yield { path: at, message: "says not what it holds: give one of secret, configMap, emptyDir and the like" };
    for (const kind of more) yield { path: [...at, kind], message: `stands beside ${first}: a volume holds one thing` };
    yield* kindProblems(volume, at);
  }
  yield* once(
    volumes.map(({ name }) => name),
    (index) => [...path, index, "name"],
  );
}

function* kindProblems(volume: Volume, at: Path): Generator<Problem> {
  const { configMap, secret, emptyDir, hostPath, persistentVolumeClaim, downwardAPI, projected, ephemeral, csi, image, nfs } = volume;
  if (configMap) {
    yield* required(configMap.name, [...at, "configMap", "name"]);
    yield* itemProblems(configMap, [...at, "configMap"]);
  }
  if (secret) {
    yield* required(secret.secretName, [...at, "secret", "secretName"]);
    yield* itemProblems(secret, [...at, "secret"]);
  }
  if (emptyDir && (parseQuantity(emptyDir.sizeLimit ?? 0) ?? 0n) < 0n)
    yield { path: [...at, "emptyDir", "sizeLimit"], message: `is ${emptyDir.sizeLimit}: can't be less than none` };
  // The API server takes any, and the kubelet then never starts the pod.
  if (emptyDir?.medium && emptyDir.medium !== "Memory" && !emptyDir.medium.startsWith("HugePages"))
    yield {
      path: [...at, "emptyDir", "medium"],
      message: `is "${emptyDir.medium}": must be Memory or HugePages, or left out for the node's disk`,
    };
  if (hostPath) {
    yield* required(hostPath.path, [...at, "hostPath", "path"], withinPath);
    yield* oneOf(hostPath.type, hostTypes, [...at, "hostPath", "type"]);
  }
  if (persistentVolumeClaim) yield* required(persistentVolumeClaim.claimName, [...at, "persistentVolumeClaim", "claimName"]);
  if (downwardAPI) {
    yield* within(downwardAPI.defaultMode, 0, 0o777, [...at, "downwardAPI", "defaultMode"]);
    for (const [index, file] of (downwardAPI.items ?? []).entries()) yield* fileProblems(file, [...at, "downwardAPI", "items", index]);
  }
  if (projected) yield* projectedProblems(projected, [...at, "projected"]);
  if (ephemeral) {
    const claim = ephemeral.volumeClaimTemplate;
    if (claim?.spec === undefined)
      yield { path: [...at, "ephemeral", "volumeClaimTemplate"], message: "is missing: give it a spec with accessModes and resources" };
    else yield* claimProblems(claim.spec, [...at, "ephemeral", "volumeClaimTemplate", "spec"]);
  }
  if (csi) {
    yield* required(csi.driver, [...at, "csi", "driver"], driverName);
    if (csi.nodePublishSecretRef)
      yield* required(csi.nodePublishSecretRef.name, [...at, "csi", "nodePublishSecretRef", "name"], objectName);
  }
  if (image) {
    yield* required(image.reference, [...at, "image", "reference"]);
    yield* imageProblems(image.reference, [...at, "image", "reference"]);
    yield* oneOf(image.pullPolicy || undefined, ["Always", "IfNotPresent", "Never"], [...at, "image", "pullPolicy"]);
  }
  if (nfs) {
    yield* required(nfs.server, [...at, "nfs", "server"]);
    yield* required(nfs.path, [...at, "nfs", "path"], (text) => (text.startsWith("/") ? undefined : "an absolute path"));
  }
}

/** What is wrong with the claim that asks for a volume. */
export function* claimProblems(
  { accessModes: modes = [], resources, storageClassName, volumeMode, selector }: Claim,
  path: Path,
): Generator<Problem> {
  if (modes.length === 0) yield { path: [...path, "accessModes"], message: "is missing: give one, as in ReadWriteOnce" };
  for (const [index, mode] of modes.entries()) yield* oneOf(mode, accessModes, [...path, "accessModes", index]);
  if (modes.includes("ReadWriteOncePod") && modes.length > 1)
    yield { path: [...path, "accessModes"], message: "has ReadWriteOncePod, which stands alone: take the others out" };
  const storage = resources?.requests?.["storage"];
  if (storage === undefined)
    yield { path: [...path, "resources", "requests", "storage"], message: "is missing: say how large it is, as in 1Gi" };
  else if ((parseQuantity(storage) ?? 1n) <= 0n)
    yield { path: [...path, "resources", "requests", "storage"], message: `is ${storage}: must be more than none` };
  if (storageClassName !== "") yield* named(storageClassName, objectName, [...path, "storageClassName"]);
  yield* oneOf(volumeMode, ["Block", "Filesystem"], [...path, "volumeMode"]);
  if (selector) yield* selectorProblems(selector, [...path, "selector"]);
}

function* projectedProblems({ sources: list = [], defaultMode }: NonNullable<Volume["projected"]>, path: Path): Generator<Problem> {
  yield* within(defaultMode, 0, 0o777, [...path, "defaultMode"]);
  const written: string[] = [];
  for (const [index, source] of list.entries()) {
    const at = [...path, "sources", index];
    yield* justOne(source, sources, at);
    const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle } = source;
    for (const [kind, data] of Object.entries({ secret, configMap })) {
      if (data === undefined) continue;
      yield* required(data.name, [...at, kind, "name"]);
      yield* itemProblems(data, [...at, kind]);
      written.push(...(data.items ?? []).flatMap((item) => item.path ?? []));
    }
    for (const [place, file] of (downwardAPI?.items ?? []).entries()) yield* fileProblems(file, [...at, "downwardAPI", "items", place]);
    written.push(...(downwardAPI?.items ?? []).flatMap((file) => file.path ?? []));
    if (serviceAccountToken) {
      yield* within(serviceAccountToken.expirationSeconds, 600, 2 ** 32, [...at, "serviceAccountToken", "expirationSeconds"]);
      yield* required(serviceAccountToken.path, [...at, "serviceAccountToken", "path"], ownPath);
    }
    if (clusterTrustBundle) {
      yield* justOne(clusterTrustBundle, ["name", "signerName"], [...at, "clusterTrustBundle"]);
      yield* required(clusterTrustBundle.path, [...at, "clusterTrustBundle", "path"], ownPath);
      written.push(clusterTrustBundle.path ?? "");
    }
  }
  yield* once(written, () => [...path, "sources"]);
}

function* itemProblems({ items = [], defaultMode }: { items?: readonly Item[]; defaultMode?: number }, path: Path): Generator<Problem> {
  yield* within(defaultMode, 0, 0o777, [...path, "defaultMode"]);
  for (const [index, { key, path: file, mode }] of items.entries()) {
    yield* required(key, [...path, "items", index, "key"]);
    yield* required(file, [...path, "items", index, "path"], ownPath);
    yield* within(mode, 0, 0o777, [...path, "items", index, "mode"]);
  }
}

function* fileProblems({ path: file, mode, fieldRef, resourceFieldRef }: File, path: Path): Generator<Problem> {
  yield* required(file, [...path, "path"], ownPath);
  yield* justOne({ fieldRef, resourceFieldRef }, ["fieldRef", "resourceFieldRef"], path);
  if (fieldRef) yield* fieldProblems(fieldRef, "volume", [...path, "fieldRef"]);
  else if (resourceFieldRef) {
    yield* required(resourceFieldRef.containerName, [...path, "resourceFieldRef", "containerName"]);
    yield* amountProblems(resourceFieldRef, [...path, "resourceFieldRef"]);
  }
  yield* within(mode, 0, 0o777, [...path, "mode"]);
}

const driverName: Rule = (text) => (text.length > 63 ? "at most 63 characters" : objectName(text.toLowerCase()));
