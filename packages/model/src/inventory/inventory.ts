import { Owners, type RunOfPod, type Workload } from "../owners.ts";
import { isFinished, type PodView } from "../pod.ts";
import { sum, type Amounts } from "../amounts/requests.ts";
import { labelOf } from "../selector.ts";
import type { Snapshot } from "./snapshot.ts";
import { Tally } from "../amounts/tally.ts";

/** What pods are counted by. */
export type InventoryBy = "node" | "namespace" | "workload" | "pipeline" | "run" | { label: string };

/** What the pods of one node, namespace, workload, pipeline, run or label's value come to. Pods that have ended are in none. */
export interface InventoryRow {
  /**
   * Of the node, namespace, workload, pipeline or run, or the label's value; of a pipeline empty where runs hold their own. Undefined: the
   * pods that have none, as those that no node has.
   */
  name: string | undefined;
  /** Of a workload, pipeline or run. */
  namespace: string | undefined;
  /** Of a workload, as in `Deployment`. */
  kind: string | undefined;
  pods: number;
  /** Of the pods, those that no node has. */
  pending: number;
  /** How many pods ask for no CPU, how many for no memory, and how many for one of the two or both not. */
  without: { cpu: number; memory: number; either: number };
  requested: Amounts;
  /** Of a node, what pods may take of it. */
  allocatable: Amounts | undefined;
  /** Of a node, what it uses, with what isn't in pods; of others, what their pods use. Undefined: not known of any. */
  used: Amounts | undefined;
  /** The pods whose use is known. */
  measured: number;
}

/** What pods are counted as one for. */
export interface Place {
  name: string | undefined;
  namespace?: string | undefined;
  kind?: string | undefined;
}

interface Group extends Place {
  tally: Tally;
  used: Amounts;
  measured: number;
}

/** What there is in a cluster: a row for each node, even without pods, or for each that has pods; by namespace, kind and name. */
export function inventoryOf(snapshot: Snapshot, { by }: { by: InventoryBy }): InventoryRow[] {
  const owners = new Owners(snapshot.controllers, snapshot.pods);
  const nodes = new Map(snapshot.nodes.map((node) => [node.name, node]));
  const usedByPod = new Map((snapshot.usage?.pods ?? []).map(({ namespace, name, used }) => [`${namespace}/${name}`, used]));
  const usedByNode = new Map((snapshot.usage?.nodes ?? []).map(({ name, used }) => [name, used]));
  const groups = new Map<string, Group>();
  const groupOf = (place: Place): Group => {
    const key = JSON.stringify([place.namespace, place.kind, place.name]);
    const group = groups.get(key) ?? { ...place, tally: new Tally(), used: {}, measured: 0 };
    groups.set(key, group);
    return group;
  };
  if (by === "node") for (const name of nodes.keys()) groupOf({ name });
  for (const pod of snapshot.pods) {
    if (isFinished(pod)) continue;
    const group = groupOf(placeOf(pod, by, owners));
    group.tally.add(pod);
    const used = usedByPod.get(`${pod.namespace}/${pod.name}`);
    if (used === undefined) continue;
    group.used = sum(group.used, used);
    group.measured += 1;
  }
  return [...groups.values()]
    .map(({ name, namespace, kind, tally, used, measured }): InventoryRow => {
      const { pods, pending, without, requested } = tally;
      const ofPods = measured === 0 ? undefined : used;
      return {
        name,
        namespace,
        kind,
        pods,
        pending,
        without,
        requested,
        allocatable: by === "node" ? nodes.get(name ?? "")?.allocatable : undefined,
        used: by === "node" ? (usedByNode.get(name ?? "") ?? ofPods) : ofPods,
        measured,
      };
    })
    .sort(byPlace);
}

/** Where a pod counts. */
export function placeOf(pod: PodView, by: InventoryBy, owners: Owners): Place {
  switch (by) {
    case "node":
      return { name: pod.node };
    case "namespace":
      return { name: pod.namespace };
    case "workload":
      return owners.workloadOf(pod) satisfies Workload;
    case "pipeline":
      return pipelineOf(owners.runOf(pod));
    case "run":
      return runOf(owners.runOf(pod));
    default:
      return { name: labelOf(pod.shape.labels, by.label) };
  }
}

function pipelineOf(run: RunOfPod | undefined): Place {
  return run === undefined ? { name: undefined } : { name: run.pipeline, namespace: run.namespace };
}

function runOf(run: RunOfPod | undefined): Place {
  return run === undefined ? { name: undefined } : { name: run.name, namespace: run.namespace };
}

/** By namespace, kind and name; what has no name comes last. */
export function byPlace(a: Place, b: Place): number {
  if ((a.name === undefined) !== (b.name === undefined)) return a.name === undefined ? 1 : -1;
  return compare(a.namespace, b.namespace) || compare(a.kind, b.kind) || compare(a.name, b.name);
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
