import type { PodView } from "@plimsoll/model";
import { Allowances } from "./allowances.ts";
import type { Leaving } from "./leaving.ts";
import type { Eviction, Surge, Verdict } from "./plan.ts";
import type { DrainPolicy, DrainRequest } from "./request.ts";
import { Workloads } from "./workload.ts";

/** Chooses which pods may be in flight together: the budgets allow it, no workload loses its last, and all of them have room elsewhere at once. */
export class Wave {
  readonly evict: Eviction[] = [];
  readonly surge: Surge[] = [];
  readonly #request: DrainRequest;
  readonly #allowances: Allowances;
  readonly #workloads: Workloads;
  readonly #surged = new Set<string>();
  /** By their owner's UID. */
  readonly #siblings = new Map<string, ReadonlySet<string>>();

  constructor(request: DrainRequest) {
    this.#request = request;
    this.#allowances = new Allowances(request);
    this.#workloads = new Workloads(request);
  }

  /** Takes a pod in, if it may go now. `isTurn`: whether its node's turn has come; otherwise it is only told what else is in its way. */
  verdict(pod: PodView, policy: DrainPolicy, isTurn: boolean): Verdict {
    const allowance = this.#allowances.of(pod);
    const relief = this.#workloads.relief(pod, allowance, policy.surge);
    if (relief !== undefined) return isTurn ? this.#wantSurge(relief) : { kind: "waits", for: "node" };
    if (allowance.kind === "blocked") return allowance;
    if (!isTurn) return { kind: "waits", for: "node" };
    if (allowance.kind === "later") return { kind: "waits", for: "budget", budget: allowance.budget };
    const hold = this.#workloads.hold(pod, policy.surge);
    if (hold?.for === "surge") return this.#wantSurge(hold.surge);
    if (hold !== undefined) return { kind: "waits", for: "sibling" };
    const room = pod.owner === undefined ? undefined : this.#request.cluster.place(pod);
    if (room?.why !== undefined) return { kind: "waits", for: "room", reason: room.why };
    const to = room?.node;
    const budget = allowance.kind === "counts" ? allowance.budget : undefined;
    if (budget !== undefined) this.#allowances.take(budget);
    this.#workloads.go(pod);
    this.evict.push({ pod, to, budget, siblings: this.#siblingsOf(pod), at: this.#request.now });
    return { kind: "evict", to };
  }

  #siblingsOf({ owner, uid }: PodView): ReadonlySet<string> {
    if (owner === undefined) return new Set([uid]);
    const known = this.#siblings.get(owner.uid);
    if (known !== undefined) return known;
    const found = new Set(Array.from(this.#request.cluster.podsOf(owner.uid), (pod) => pod.uid));
    this.#siblings.set(owner.uid, found);
    return found;
  }

  #wantSurge(surge: Surge): Verdict {
    if (!this.#surged.has(surge.owner.uid)) {
      const { why } = this.#request.cluster.place({ ...surge.pod, uid: `${surge.pod.uid}+` });
      if (why !== undefined) return { kind: "waits", for: "room", reason: why };
      this.#surged.add(surge.owner.uid);
      this.surge.push(surge);
    }
    return { kind: "waits", for: "surge", budget: surge.budget };
  }
}

/** The order in which nodes are drained: those that are under way, those whose pods lose by waiting, those with the fewest left. */
export function inOrder(nodes: readonly Leaving[]): Leaving[] {
  return nodes.toSorted(
    (a, b) =>
      Number(b.ending.length > 0) - Number(a.ending.length > 0) ||
      Number(b.isUrgent) - Number(a.isUrgent) ||
      a.left - b.left ||
      (a.node < b.node ? -1 : 1),
  );
}
