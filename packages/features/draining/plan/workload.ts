import type { Budget, Cluster, PodView } from "@plimsoll/model";
import type { Allowance } from "./allowances.ts";
import type { DrainRequest } from "./request.ts";
import type { Surge } from "./plan.ts";

/** How long a pod that isn't ready yet, or should have ended, is waited for before it is no sibling to count on; milliseconds. */
const patience = 120_000;

/** What a pod's eviction does to its workload: undefined: it may go. */
export type Hold = { for: "sibling" } | { for: "surge"; surge: Surge } | undefined;

/** Keeps workloads from losing the last of their pods that is ready. */
export class Workloads {
  readonly #cluster: Cluster;
  readonly #now: number;
  readonly #canSurge: (pod: PodView) => boolean;
  /** UIDs of those that are on their way. */
  readonly #going: Set<string>;

  constructor({ cluster, now, canSurge, inFlight }: DrainRequest) {
    this.#cluster = cluster;
    this.#now = now;
    this.#canSurge = canSurge ?? isReplicated;
    this.#going = new Set(inFlight.map(({ pod }) => pod.uid));
  }

  isGoing({ uid }: PodView): boolean {
    return this.#going.has(uid);
  }

  go({ uid }: PodView): void {
    this.#going.add(uid);
  }

  /** Why a pod that its budget lets go is kept yet. Without surge, a workload's only pod goes all the same. */
  hold(pod: PodView, surges: boolean): Hold {
    const { owner } = pod;
    if (owner === undefined || !pod.isReady || !isReplicated(pod)) return undefined;
    let [ready, coming, going] = [0, 0, 0];
    for (const sibling of this.#cluster.podsOf(owner.uid)) {
      if (sibling.uid === pod.uid || sibling.phase === "Succeeded" || sibling.phase === "Failed") continue;
      if (sibling.endsAt !== undefined) going += this.#now < sibling.endsAt + patience ? 1 : 0;
      else if (this.#going.has(sibling.uid)) going++;
      else if (sibling.isReady) ready++;
      else if (this.#now - sibling.createdAt < patience) coming++;
    }
    if (ready > 0) return undefined;
    if (coming + going > 0) return { for: "sibling" };
    return surges && this.#canSurge(pod) ? { for: "surge", surge: { owner, pod, budget: undefined } } : undefined;
  }

  /** What one more replica would do for a pod that its budget holds; undefined: nothing, or it can't be had. */
  relief(pod: PodView, allowance: Allowance, surges: boolean): Surge | undefined {
    const budget = wanting(allowance);
    const { owner } = pod;
    return surges && budget !== undefined && owner !== undefined && this.#canSurge(pod) ? { owner, pod, budget } : undefined;
  }
}

/** Whether a pod is one of several that stand in for each other. */
function isReplicated({ owner }: PodView): boolean {
  return owner?.kind === "ReplicaSet" || owner?.kind === "StatefulSet";
}

function wanting(allowance: Allowance): Budget | undefined {
  return allowance.kind === "blocked" && allowance.why === "replicas" ? allowance.budgets[0] : undefined;
}
