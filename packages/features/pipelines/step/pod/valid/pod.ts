import type { Path, Problem } from "@plimsoll/api";
import { named, once, oneOf, required, within } from "./check.ts";
import { containerProblems, type Container } from "./containers.ts";
import { dnsProblems, hostProblems, type DnsConfig } from "./dns.ts";
import { objectName, wordName } from "./names.ts";
import { affinityProblems, spreadProblems, tolerationProblems, type Affinity, type Spread, type Toleration } from "./placement.ts";
import { securityProblems, type Security } from "./security.ts";
import { labelProblems } from "./selector.ts";
import { podSpec, shapeProblems, unknownField } from "./shape.ts";
import { volumeProblems, type Volume } from "./volumes.ts";

/** A pod's spec, as far as it is looked at. */
interface Spec {
  volumes?: readonly Volume[];
  containers?: readonly Container[];
  initContainers?: readonly Container[];
  resourceClaims?: readonly { name?: string; resourceClaimName?: string; resourceClaimTemplateName?: string }[];
  securityContext?: Security;
  nodeSelector?: Readonly<Record<string, string>>;
  affinity?: Affinity;
  tolerations?: readonly Toleration[];
  topologySpreadConstraints?: readonly Spread[];
  dnsPolicy?: string;
  dnsConfig?: DnsConfig;
  hostAliases?: readonly { ip?: string; hostnames?: readonly string[] }[];
  hostNetwork?: boolean;
  hostUsers?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  shareProcessNamespace?: boolean;
  hostname?: string;
  subdomain?: string;
  nodeName?: string;
  serviceAccountName?: string;
  priorityClassName?: string;
  runtimeClassName?: string;
  preemptionPolicy?: string;
  terminationGracePeriodSeconds?: number;
}

/**
 * What the API server would refuse of a pod's spec (k8s.io/kubernetes/pkg/apis/core/validation), with paths in the pod. What it looks up, as
 * classes and ServiceAccounts, isn't known here; kinds of volumes that no one makes any more are looked at by their fields alone.
 */
export function podSpecProblems(given: unknown): Problem[] {
  const problems = [...shapeProblems(given, podSpec, ["spec"])];
  // What has another type can't be looked at.
  if (problems.some(({ message }) => !message.startsWith(unknownField))) return problems;
  return [...problems, ...specProblems(withoutNulls(given) as Spec, ["spec"])];
}

function* specProblems(spec: Spec, path: Path): Generator<Problem> {
  const { volumes = [], containers = [], initContainers = [], resourceClaims = [] } = spec;
  const grace = spec.terminationGracePeriodSeconds ?? 30;
  yield* within(grace, 0, Infinity, [...path, "terminationGracePeriodSeconds"]);
  yield* volumeProblems(volumes, [...path, "volumes"]);
  yield* claimProblems(resourceClaims, [...path, "resourceClaims"]);
  const around = {
    volumes: namesOf(volumes),
    claimVolumes: namesOf(volumes.filter(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim ?? ephemeral)),
    claims: namesOf(resourceClaims),
    grace,
    hostUsers: spec.hostUsers ?? true,
  };
  for (const [index, one] of containers.entries()) yield* containerProblems(one, around, [...path, "containers", index], false);
  for (const [index, one] of initContainers.entries()) yield* containerProblems(one, around, [...path, "initContainers", index], true);
  yield* once(
    [...containers, ...initContainers].map(({ name }) => name),
    (index) =>
      index < containers.length ? [...path, "containers", index, "name"] : [...path, "initContainers", index - containers.length, "name"],
  );
  yield* securityProblems(spec.securityContext ?? {}, [...path, "securityContext"], around.hostUsers);
  yield* placeProblems(spec, path);
  yield* networkProblems(spec, path);
}

function* placeProblems(spec: Spec, path: Path): Generator<Problem> {
  yield* labelProblems(spec.nodeSelector ?? {}, [...path, "nodeSelector"]);
  yield* affinityProblems(spec.affinity ?? {}, [...path, "affinity"]);
  for (const [index, one] of (spec.tolerations ?? []).entries()) yield* tolerationProblems(one, [...path, "tolerations", index]);
  yield* spreadProblems(spec.topologySpreadConstraints ?? [], [...path, "topologySpreadConstraints"]);
  for (const field of ["nodeName", "serviceAccountName", "priorityClassName"] as const)
    if (spec[field]) yield* named(spec[field], objectName, [...path, field]);
  yield* named(spec.runtimeClassName, objectName, [...path, "runtimeClassName"]);
  yield* oneOf(spec.preemptionPolicy, ["PreemptLowerPriority", "Never"], [...path, "preemptionPolicy"]);
}

function* networkProblems(spec: Spec, path: Path): Generator<Problem> {
  yield* oneOf(spec.dnsPolicy || undefined, ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"], [...path, "dnsPolicy"]);
  yield* dnsProblems(spec.dnsConfig ?? {}, spec.dnsPolicy, [...path, "dnsConfig"]);
  yield* hostProblems(spec.hostAliases ?? [], [...path, "hostAliases"]);
  for (const field of ["hostname", "subdomain"] as const) if (spec[field]) yield* named(spec[field], wordName, [...path, field]);
  if (spec.shareProcessNamespace && spec.hostPID)
    yield { path: [...path, "shareProcessNamespace"], message: "doesn't go with hostPID: take one of them out" };
  if (spec.hostUsers !== false) return;
  for (const field of ["hostNetwork", "hostPID", "hostIPC"] as const)
    if (spec[field]) yield { path: [...path, field], message: "doesn't go with hostUsers: false: take one of them out" };
}

function* claimProblems(claims: NonNullable<Spec["resourceClaims"]>, path: Path): Generator<Problem> {
  for (const [index, claim] of claims.entries()) {
    yield* required(claim.name, [...path, index, "name"], wordName);
    const choices = ["resourceClaimName", "resourceClaimTemplateName"] as const;
    const given = choices.filter((field) => claim[field] !== undefined);
    if (given.length !== 1) yield { path: [...path, index], message: `must have one of ${choices.join(" and ")}` };
    for (const field of given) yield* named(claim[field], objectName, [...path, index, field]);
  }
  yield* once(
    claims.map(({ name }) => name),
    (index) => [...path, index, "name"],
  );
}

function namesOf(list: readonly { name?: string }[]): ReadonlySet<string> {
  return new Set(list.flatMap(({ name }) => name ?? []));
}

/** Kubernetes takes a null for what isn't there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    const none = value.some((entry) => typeof entry === "string") ? "" : {};
    return value.map((entry: unknown) => withoutNulls(entry ?? none));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (entry === null || entry === undefined ? [] : [[key, withoutNulls(entry)]])),
  );
}
