import { Cluster, budgetOf, nodeOf, podOf, type Budget } from "@plimsoll/model";
import type { NodeSelector } from "kubernetes-types/core/v1.d.ts";
import type { Client } from "../connect.ts";

/** A cluster as a planner wants it, as it was when it was read. */
export interface ClusterNow {
  cluster: Cluster;
  budgets: (namespace: string) => readonly Budget[];
}

/** Reads all that a planner needs of a cluster. */
export async function readCluster(client: Client): Promise<ClusterNow> {
  const volumesOfClaims = new Map<string, string>();
  const nodesOfVolumes = new Map<string, NodeSelector>();
  const budgets = new Map<string, Budget[]>();
  const volumeNodes = (namespace: string, claim: string): NodeSelector | undefined =>
    nodesOfVolumes.get(volumesOfClaims.get(`${namespace}/${claim}`) ?? "");
  const cluster = new Cluster({ volumeNodes });
  await Promise.all([
    forEach(client("nodes").list(), (node) => cluster.setNode(nodeOf(node))),
    forEach(client("pods").list(), (pod) => cluster.setPod(podOf(pod))),
    forEach(client("poddisruptionbudgets.policy").list(), (object) => {
      const budget = budgetOf(object);
      budgets.set(budget.namespace, [...(budgets.get(budget.namespace) ?? []), budget]);
    }),
    forEach(client("persistentvolumeclaims").list(), ({ metadata, spec }) => {
      if (spec?.volumeName) volumesOfClaims.set(`${metadata.namespace}/${metadata.name}`, spec.volumeName);
    }),
    forEach(client("persistentvolumes").list(), ({ metadata, spec }) => {
      if (spec?.nodeAffinity?.required !== undefined) nodesOfVolumes.set(metadata.name, spec.nodeAffinity.required);
    }),
  ]);
  return { cluster, budgets: (namespace) => budgets.get(namespace) ?? [] };
}

async function forEach<T>(items: AsyncIterable<T>, take: (item: T) => void): Promise<void> {
  for await (const item of items) take(item);
}
