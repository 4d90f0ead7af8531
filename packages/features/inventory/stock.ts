import type { CacheEvent } from "@plimsoll/kube";
import { isFinished, Tally, type PodView } from "@plimsoll/model";
import type { Homes } from "./homes.ts";

/** What pods ask for, by node, namespace and what they belong to. A change of a pod costs the same, however many there are. */
export class Stock {
  readonly all = new Tally();
  readonly byNode = new Map<string, Tally>();
  readonly byNamespace = new Map<string, Tally>();
  readonly homes: Homes;

  constructor(homes: Homes) {
    this.homes = homes;
  }

  /** Takes in that a pod has come, changed or gone. One that has ended counts no more. */
  observe(event: CacheEvent<PodView>): void {
    const before = event.type === "add" || isFinished(event.old) ? undefined : event.old;
    const after = event.type === "delete" || isFinished(event.object) ? undefined : event.object;
    // What is the same is the same object.
    if (before?.node === after?.node && before?.requests === after?.requests && before?.owner === after?.owner) return;
    if (before !== undefined) this.#count(before, -1);
    if (after !== undefined) this.#count(after, 1);
  }

  #count(pod: PodView, sign: 1 | -1): void {
    this.all.add(pod, sign);
    this.homes.add(pod, sign);
    if (pod.node !== undefined) countIn(this.byNode, pod.node, pod, sign);
    countIn(this.byNamespace, pod.namespace, pod, sign);
  }
}

function countIn(tallies: Map<string, Tally>, key: string, pod: PodView, sign: 1 | -1): void {
  const tally = tallies.get(key) ?? new Tally();
  tally.add(pod, sign);
  if (tally.pods === 0) tallies.delete(key);
  else tallies.set(key, tally);
}
