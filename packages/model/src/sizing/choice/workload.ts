import type { ControllerView } from "../../controller.ts";
import type { Owner } from "../../owner.ts";
import type { SizedPod } from "./sized-pod.ts";

/** What pods belong to in the end: what asks for resources in their name. */
export interface Workload {
  apiVersion: string;
  kind: string;
  namespace: string;
  /** Of Jobs that are sized together, what they have in common: `etl-*` or `app=etl`, which no object is called. */
  name: string;
  /** Of a pipeline's pods, the step: each has a template of its own. */
  step?: string | undefined;
}

/** Finds an owner by its kind. */
export type KnownOwner = (owner: Owner, namespace: string) => ControllerView | undefined;

/** What is kept of the objects of a kind, however they are found. */
interface Controllers {
  get: (namespace: string, name: string) => ControllerView | undefined;
}

/** Finds owners of the kinds that may be owned themselves. Another of the same name isn't the one that is asked for. */
export function ownersIn(controllers: Readonly<Record<"ReplicaSet" | "Job" | "PipelineRun", Controllers>>): KnownOwner {
  const kinds = new Map<string, Controllers>(Object.entries(controllers));
  return ({ kind, name, uid }, namespace) => {
    const found = kinds.get(kind)?.get(namespace, name);
    return found?.uid === uid ? found : undefined;
  };
}

/** Kinds that may be owned themselves, by their group: of Kubernetes' own names in other groups nothing is known. */
const between = new Set(["apps/ReplicaSet", "batch/Job", "plimsoll.dev/PipelineRun"]);

/** What a pod belongs to; undefined: its owner isn't known yet, nor whose that is. */
export function workloadOf(pod: Pick<SizedPod, "namespace" | "name" | "owner" | "shape">, known: KnownOwner): Workload | undefined {
  const { namespace, name, owner, shape } = pod;
  if (owner === undefined) return { apiVersion: "v1", kind: "Pod", namespace, name };
  if (!between.has(kindOf(owner))) return of(owner, namespace);
  const found = known(owner, namespace);
  if (found === undefined) return undefined;
  if (found.kind === "PipelineRun") {
    const run = found.pipeline ? { apiVersion: owner.apiVersion, kind: "Pipeline", name: found.pipeline } : (found.owner ?? owner);
    return { ...of(run, namespace), step: shape.step };
  }
  if (found.owner === undefined && found.generateName !== undefined) return of({ ...owner, name: `${found.generateName}*` }, namespace);
  return of(found.owner ?? owner, namespace);
}

/** The same, where Jobs that nobody owns are sized together by the value of a label. */
export function byLabel(workload: Workload, { shape: { labels } }: Pick<SizedPod, "shape">, label: string | undefined): Workload {
  const value = label === undefined ? undefined : labels[label];
  if (value === undefined || workload.kind !== "Job" || groupOf(workload.apiVersion) !== "batch") return workload;
  return { ...workload, name: `${label}=${value}` };
}

/** Whether it is a single object: not Jobs that have something in common. */
export function isObject({ name }: Pick<Workload, "name">): boolean {
  return !/[*=]/.test(name);
}

/** Whether its pods are made to come to an end. */
export function isBatch({ apiVersion, kind }: Pick<Workload, "apiVersion" | "kind">): boolean {
  return groupOf(apiVersion) === "batch" && (kind === "Job" || kind === "CronJob");
}

/** By what its group is, so that a kind of the same name in another group is another workload. */
export function keyOf({ apiVersion, kind, name, step }: Workload, container: string): string {
  return [groupOf(apiVersion), kind, name, step ?? "", container].join("/");
}

/** The container of a key, as in `Deployment/web, container app`. A name may have slashes, as of Jobs that have a label in common. */
export function titleOfKey(key: string): string {
  const [, kind = "", ...rest] = key.split("/");
  const [name, step = "", container = ""] = [rest.slice(0, -2).join("/"), ...rest.slice(-2)];
  return `${titleOf({ kind, name, step: step === "" ? undefined : step })}, container ${container}`;
}

/** As in `Deployment/web`, or `Pipeline/etl, step load`. */
export function titleOf({ kind, name, step }: Pick<Workload, "kind" | "name" | "step">): string {
  return `${kind}/${name}${step === undefined ? "" : `, step ${step}`}`;
}

/** The group of an apiVersion; empty for Kubernetes' core. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

export function kindOf({ apiVersion, kind }: Pick<Owner, "apiVersion" | "kind">): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

function of({ apiVersion, kind, name }: Pick<Owner, "apiVersion" | "kind" | "name">, namespace: string): Workload {
  return { apiVersion, kind, namespace, name };
}
