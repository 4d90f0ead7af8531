import type { PodMetrics, Stored } from "@plimsoll/kube";
import type { Assignment, SizedPod } from "@plimsoll/model/sizing";
import { isIgnored } from "../decide/settings.ts";
import { silenceOf, take, toldRejection } from "../observe/sample.ts";
import type { Ledger } from "./ledger.ts";
import type { RightSizingMetrics } from "./metrics.ts";
import type { StoredPolicy } from "./policy.ts";

interface Given {
  pod: (namespace: string, name: string) => SizedPod | undefined;
  /** By a policy's UID. */
  ledger: (uid: string) => Ledger | undefined;
  metrics: () => RightSizingMetrics;
}

/** Takes in what metrics.k8s.io says of pods, and keeps what made no sense of that in the last round. */
export class Sampler {
  readonly #given: Given;
  /** By pods' UIDs, the time of the last sample that was taken of them. */
  readonly #sampledAt = new Map<string, number>();
  /** By pods' UIDs, the time of the last word of them, whether it was taken or not. */
  readonly #heardAt = new Map<string, number>();
  /** By the policies' UIDs. */
  readonly #oddities = new Map<string, string[]>();
  readonly #silences = new Map<string, string[]>();

  constructor(given: Given) {
    this.#given = given;
  }

  /** Begins a round: what made no sense is said anew. */
  begin(): void {
    this.#oddities.clear();
    this.#silences.clear();
  }

  sample({ metadata, ...metrics }: Stored<PodMetrics>, assignment: Assignment<StoredPolicy>, now: number): void {
    const { pod: podOf, ledger: ledgerOf, metrics: counted } = this.#given;
    const pod = podOf(metadata.namespace ?? "", metadata.name);
    const assigned = pod && assignment.of(pod);
    if (pod === undefined || assigned === undefined) return;
    const { samples, oddities } = take(metrics, pod, this.#sampledAt.get(pod.uid), now);
    const { uid } = assigned.policy.metadata;
    const ledger = ledgerOf(uid);
    for (const sample of samples) {
      if (isIgnored(assigned.policy.spec, sample.container)) continue;
      const rejection = ledger?.of(assigned.workload, sample.container).sample(pod, sample, now);
      if (rejection === undefined) counted().sampled();
      if (rejection === undefined || rejection === "Stale" || rejection === "Jump") this.#sampledAt.set(pod.uid, sample.at);
      if (rejection !== undefined && rejection !== "Stale") oddities.push(toldRejection(pod, sample, rejection));
    }
    counted().leftOut(oddities.length);
    // What makes no sense may have no time that does.
    this.#heardAt.set(pod.uid, oddities.length > 0 ? now : Math.min(now, Date.parse(metrics.timestamp ?? "")));
    tell(this.#oddities, uid, oddities);
  }

  /** Looks, once all was said, whether something was said of a pod at all. */
  look(pod: SizedPod, assignment: Assignment<StoredPolicy>, now: number): void {
    const silence = silenceOf(pod, this.#heardAt.get(pod.uid), now);
    if (silence === undefined) return;
    const assigned = assignment.of(pod);
    if (assigned !== undefined) tell(this.#silences, assigned.policy.metadata.uid, [silence]);
  }

  /** What made no sense of what was said last of a policy's pods. */
  oddities(uid: string): readonly string[] {
    return this.#oddities.get(uid) ?? [];
  }

  /** Those of a policy's pods that run, and of which nothing, or nothing new, is said. */
  silences(uid: string): readonly string[] {
    return this.#silences.get(uid) ?? [];
  }

  /** A pod is gone. */
  forget(uid: string): void {
    this.#sampledAt.delete(uid);
    this.#heardAt.delete(uid);
  }
}

function tell(all: Map<string, string[]>, uid: string, texts: readonly string[]): void {
  if (texts.length === 0) return;
  const told = all.get(uid) ?? [];
  all.set(uid, told);
  told.push(...texts);
}
