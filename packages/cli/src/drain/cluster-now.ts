import type { Drain } from "@plimsoll/api";
import { deploymentOf, type DrainRequest } from "@plimsoll/features/draining";
import {
  autoscalerView,
  Cluster,
  budgetOf,
  claimView,
  nodeOf,
  podOf,
  reachOf,
  volumeView,
  type AutoscalerView,
  type Budget,
  type ClaimView,
  type PodView,
  type Snapshot,
  type VolumeView,
} from "@plimsoll/model";
import type { Job } from "kubernetes-types/batch/v1.d.ts";
import type { Client } from "../connect/connect.ts";

/** A cluster as a planner wants it, as it was when it was read. */
export interface ClusterNow extends Pick<DrainRequest, "cluster" | "budgets" | "jobDeadline"> {
  /** Why a pod's workload can't be given one more replica; undefined: it can. */
  noSurge: (pod: PodView) => string | undefined;
}

/** Reads all that a planner needs of a cluster to drain nodes so. */
export async function readCluster(client: Client, { waitForJobs, surge }: Drain["spec"]): Promise<ClusterNow> {
  const [nodes, pods, budgets, claims, volumes, jobs, autoscalers] = await Promise.all([
    all(client("nodes").list(), nodeOf),
    all(client("pods").list(), podOf),
    all(client("poddisruptionbudgets.policy").list(), budgetOf),
    all(client("persistentvolumeclaims").list(), claimView.project),
    all(client("persistentvolumes").list(), volumeView.project),
    waitForJobs === undefined ? [] : all(client("jobs.batch").list(), (job) => [job.metadata.uid, deadlineOf(job)] as const),
    surge ? all(client("horizontalpodautoscalers.autoscaling").list(), autoscalerView.project) : [],
  ]);
  const deadlines = new Map(jobs);
  const jobDeadline = ({ owner }: PodView): number | undefined => deadlines.get(owner?.uid ?? "");
  return { ...clusterOf({ nodes, pods, budgets, claims, volumes, autoscalers }), jobDeadline };
}

type Parts = Pick<Snapshot, "nodes" | "pods" | "budgets" | "claims" | "volumes" | "autoscalers">;

/** A cluster of what is known of it, as a snapshot has it: there, no time limits of Jobs are known. */
export function clusterOf({ nodes, pods, budgets, claims, volumes, autoscalers }: Parts): ClusterNow {
  const claimOf = by<ClaimView>(claims, ({ namespace, name }) => `${namespace}/${name}`);
  const volumeOf = by<VolumeView>(volumes, ({ name }) => name);
  const cluster = new Cluster({
    volumeNodes: (namespace, claim) => reachOf(claimOf.get(`${namespace}/${claim}`), (name) => volumeOf.get(name)),
  });
  for (const node of nodes) cluster.setNode(node);
  for (const pod of pods) cluster.setPod(pod);
  const budgetsOf = Map.groupBy(budgets, ({ namespace }: Budget) => namespace);
  return { cluster, budgets: (namespace) => budgetsOf.get(namespace) ?? [], noSurge: (pod) => noSurge(pod, autoscalers) };
}

function noSurge(pod: PodView, autoscalers: readonly AutoscalerView[]): string | undefined {
  const deployment = deploymentOf(pod);
  if (deployment === undefined) return "it is of no Deployment";
  const scaler = autoscalers.find(
    ({ namespace, target }) => namespace === pod.namespace && target.kind === "Deployment" && target.name === deployment,
  );
  return scaler === undefined ? undefined : `the HorizontalPodAutoscaler ${scaler.name} scales its Deployment`;
}

/** When a Job's time limit ends its pods; undefined: never. */
function deadlineOf({ spec, status }: Job): number | undefined {
  if (spec?.activeDeadlineSeconds === undefined || status?.startTime === undefined) return undefined;
  return Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1_000;
}

async function all<T, V>(items: AsyncIterable<T>, project: (item: T) => V): Promise<V[]> {
  return Array.fromAsync(items, project);
}

function by<T>(items: readonly T[], key: (item: T) => string): Map<string, T> {
  return new Map(items.map((item) => [key(item), item]));
}
