import {
  Cluster,
  budgetOf,
  claimView,
  nodeOf,
  podOf,
  reachOf,
  volumeView,
  type Budget,
  type ClaimView,
  type VolumeView,
} from "@plimsoll/model";
import type { Client } from "../connect/connect.ts";

/** A cluster as a planner wants it, as it was when it was read. */
export interface ClusterNow {
  cluster: Cluster;
  budgets: (namespace: string) => readonly Budget[];
}

/** Reads all that a planner needs of a cluster. */
export async function readCluster(client: Client): Promise<ClusterNow> {
  const claims = new Map<string, ClaimView>();
  const volumes = new Map<string, VolumeView>();
  const budgets = new Map<string, Budget[]>();
  const cluster = new Cluster({
    volumeNodes: (namespace, claim) => reachOf(claims.get(`${namespace}/${claim}`), (name) => volumes.get(name)),
  });
  await Promise.all([
    forEach(client("nodes").list(), (node) => cluster.setNode(nodeOf(node))),
    forEach(client("pods").list(), (pod) => cluster.setPod(podOf(pod))),
    forEach(client("poddisruptionbudgets.policy").list(), (object) => {
      const budget = budgetOf(object);
      budgets.set(budget.namespace, [...(budgets.get(budget.namespace) ?? []), budget]);
    }),
    forEach(client("persistentvolumeclaims").list(), (object) => {
      const claim = claimView.project(object);
      claims.set(`${claim.namespace}/${claim.name}`, claim);
    }),
    forEach(client("persistentvolumes").list(), (object) => {
      const volume = volumeView.project(object);
      volumes.set(volume.name, volume);
    }),
  ]);
  return { cluster, budgets: (namespace) => budgets.get(namespace) ?? [] };
}

async function forEach<T>(items: AsyncIterable<T>, take: (item: T) => void): Promise<void> {
  for await (const item of items) take(item);
}
