import type { Amounts } from "./requests.ts";

/** What pods come to. Adding and taking away cost as much as the pod, whatever else was added. Amounts are exact up to 2^53. */
export class Tally {
  pods = 0;
  /** Of the pods, those that no node has. */
  pending = 0;
  /** Pods that ask for no CPU, for no memory, and for one of the two or both not: what they use is in nobody's sums. */
  readonly without = { cpu: 0, memory: 0, either: 0 };
  readonly #requested: Record<string, number> = {};

  /** `sign` is -1 for a pod that is counted no more. */
  add({ node, requests }: { node: string | undefined; requests: Amounts }, sign: 1 | -1 = 1): void {
    this.pods += sign;
    if (node === undefined) this.pending += sign;
    if (!requests["cpu"]) this.without.cpu += sign;
    if (!requests["memory"]) this.without.memory += sign;
    if (!requests["cpu"] || !requests["memory"]) this.without.either += sign;
    for (const name in requests) addTo(this.#requested, name, sign * (requests[name] ?? 0));
  }

  /** Takes in what another comes to. */
  merge(other: Tally): void {
    this.pods += other.pods;
    this.pending += other.pending;
    this.without.cpu += other.without.cpu;
    this.without.memory += other.without.memory;
    this.without.either += other.without.either;
    for (const name in other.#requested) addTo(this.#requested, name, other.#requested[name] ?? 0);
  }

  /** As it is now: what is added later changes it. */
  get requested(): Amounts {
    return this.#requested;
  }
}

function addTo(sums: Record<string, number>, name: string, amount: number): void {
  const now = (sums[name] ?? 0) + amount;
  if (now === 0) delete sums[name];
  else sums[name] = now;
}
