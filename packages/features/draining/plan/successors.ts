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
  { pod, at, budget, siblings }: Eviction,
  { cluster, budgets, now }: Pick<DrainRequest, "cluster" | "budgets" | "now">,
): boolean {
  if (cluster.pod(pod.uid) !== undefined) return false;
  if (budget !== undefined) {
    const seen = budgets(budget.namespace).find(({ name }) => name === budget.name);
    if (seen?.resourceVersion === budget.resourceVersion) return false;
  }
  return pod.owner === undefined || now - at > pod.shape.grace * 1000 + patience || successorsOf(cluster, pod, isNotOf(siblings)) > 0;
}

/**
 * Takes the room, in a rehearsal, that is for pods that will come: for those that wait for a node, and for the successors of pods that end or were evicted, as
 * far as they haven't come.
 */
export function reserve(cluster: Cluster, inFlight: readonly Eviction[], ending: readonly PodView[]): void {
  for (const pod of [...cluster.unplaced()].sort(byPriority)) if (!pod.shape.isGated) cluster.place(pod);
  const gone = new Map(inFlight.map(({ pod, siblings }): [string, Gone] => [pod.uid, { pod, isSuccessor: isNotOf(siblings) }]));
  for (const pod of ending) if (!gone.has(pod.uid)) gone.set(pod.uid, { pod, isSuccessor: cameAfter(pod) });
  const byOwner = Map.groupBy(gone.values(), ({ pod }) => pod.owner?.uid);
  for (const [owner, ones] of byOwner) {
    const [first] = ones;
    if (owner === undefined || first === undefined) continue;
    const come = successorsOf(cluster, first.pod, (pod) => ones.some(({ isSuccessor }) => isSuccessor(pod)));
    for (const { pod } of ones.slice(come)) cluster.place(pod);
  }
}

/** A pod that ends or has ended, and how its successors are known. */
interface Gone {
  pod: PodView;
  isSuccessor: (pod: PodView) => boolean;
}

function isNotOf(siblings: ReadonlySet<string>): Gone["isSuccessor"] {
  return ({ uid }) => !siblings.has(uid);
}

/** Of a pod that somebody else deleted: both times are the API server's, in whole seconds. */
function cameAfter({ endsAt = 0, shape }: PodView): Gone["isSuccessor"] {
  const since = Math.floor((endsAt - shape.grace * 1000) / 1000) * 1000;
  return ({ createdAt }) => createdAt >= since;
}

/** How many pods of the same owner have come. */
function successorsOf(cluster: Cluster, { owner, uid }: PodView, isSuccessor: Gone["isSuccessor"]): number {
  let count = 0;
  for (const pod of cluster.podsOf(owner?.uid ?? "")) if (pod.uid !== uid && pod.endsAt === undefined && isSuccessor(pod)) count++;
  return count;
}

function byPriority(a: PodView, b: PodView): number {
  return b.shape.priority - a.shape.priority || a.createdAt - b.createdAt || (a.uid < b.uid ? -1 : 1);
}
