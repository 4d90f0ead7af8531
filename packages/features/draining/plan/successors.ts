import type { Cluster, PodView } from "@plimsoll/model";
import type { Eviction } from "./plan.ts";
import type { DrainRequest } from "./request.ts";

/** How long a successor is waited for once its predecessor must have ended; milliseconds. */
const patience = 60_000;

/**
 * Whether an accepted eviction needs no account kept any more: its budget's status has been seen to change, its pod is gone, and its successor
 * has come or won't.
 */
export function isOver(
  { pod, at, budget }: Eviction,
  { cluster, budgets, now }: Pick<DrainRequest, "cluster" | "budgets" | "now">,
): boolean {
  if (cluster.pod(pod.uid) !== undefined) return false;
  if (budget !== undefined) {
    const seen = budgets(budget.namespace).find(({ name }) => name === budget.name);
    if (seen?.resourceVersion === budget.resourceVersion) return false;
  }
  return pod.owner === undefined || now - at > pod.shape.grace * 1000 + patience || successorsOf(cluster, pod, at) > 0;
}

/**
 * Takes the room, in a rehearsal, that is for pods that will come: for those that wait for a node, and for the successors of pods that end or were evicted, as
 * far as they haven't come.
 */
export function reserve(cluster: Cluster, inFlight: readonly Eviction[], ending: readonly PodView[]): void {
  for (const pod of [...cluster.unplaced()].sort(byPriority)) if (!pod.shape.isGated) cluster.place(pod);
  const gone = new Map(inFlight.map(({ pod, at }) => [pod.uid, { pod, at }]));
  for (const pod of ending) if (!gone.has(pod.uid)) gone.set(pod.uid, { pod, at: (pod.endsAt ?? 0) - pod.shape.grace * 1000 });
  const byOwner = Map.groupBy(gone.values(), ({ pod }) => pod.owner?.uid);
  for (const [owner, ones] of byOwner) {
    const [first] = ones;
    if (owner === undefined || first === undefined) continue;
    const come = successorsOf(cluster, first.pod, Math.min(...ones.map(({ at }) => at)));
    for (const { pod } of ones.slice(come)) cluster.place(pod);
  }
}

/** How many pods of the same owner came since a time; the API server's times are in whole seconds. */
function successorsOf(cluster: Cluster, { owner, uid }: PodView, since: number): number {
  let count = 0;
  for (const pod of cluster.podsOf(owner?.uid ?? ""))
    if (pod.uid !== uid && pod.endsAt === undefined && pod.createdAt >= Math.floor(since / 1000) * 1000) count++;
  return count;
}

function byPriority(a: PodView, b: PodView): number {
  return b.shape.priority - a.shape.priority || a.createdAt - b.createdAt || (a.uid < b.uid ? -1 : 1);
}
