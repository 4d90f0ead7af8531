import { chooses, inOrder, type Choosing } from "./chosen.ts";
import type { SizedPod } from "./sized-pod.ts";
import { byLabel, keyOf, workloadOf, type KnownOwner, type Workload } from "./workload.ts";

/** Whose matter a pod is. */
export interface Assigned<P> {
  policy: P;
  workload: Workload;
}

/** Which policy has which pods, as of one moment. */
export class Assignment<P extends Choosing> {
  readonly policies: readonly P[];
  readonly #policies: ReadonlyMap<string, readonly P[]>;
  readonly #known: KnownOwner;
  readonly #byUid = new Map<string, Assigned<P> | undefined>();
  /** By policy's UID, how many of the pods that it chooses another has. */
  readonly taken = new Map<string, number>();
  /** By namespace, the keys of all containers of pods that there are, whoever has them. */
  readonly #live = new Map<string, Set<string>>();

  /** `policies`: those that can be carried out. */
  constructor(policies: readonly P[], known: KnownOwner) {
    this.policies = policies;
    this.#known = known;
    this.#policies = new Map(
      [...Map.groupBy(policies, ({ metadata }) => metadata.namespace ?? "")].map(([namespace, some]) => [namespace, inOrder(some)]),
    );
  }

  /** Undefined: no policy has chosen it, or to what it belongs isn't known yet. */
  of(pod: SizedPod): Assigned<P> | undefined {
    if (this.#byUid.has(pod.uid)) return this.#byUid.get(pod.uid);
    const found = this.#find(pod);
    this.#byUid.set(pod.uid, found);
    return found;
  }

  /** Whether there is a pod, of those that were asked for, with the container of a key. */
  isLive(namespace: string, key: string): boolean {
    return this.#live.get(namespace)?.has(key) ?? false;
  }

  #find(pod: SizedPod): Assigned<P> | undefined {
    const policies = this.#policies.get(pod.namespace) ?? [];
    const workload = policies.length === 0 ? undefined : workloadOf(pod, this.#known);
    if (workload === undefined) return undefined;
    const [first, ...others] = policies.filter((policy) => chooses(policy, pod, workload));
    for (const { metadata } of others) this.taken.set(metadata.uid, (this.taken.get(metadata.uid) ?? 0) + 1);
    const own = byLabel(workload, pod, first?.spec.jobs?.label);
    if (!pod.isOver) {
      const live = this.#live.get(pod.namespace) ?? new Set();
      this.#live.set(pod.namespace, live);
      for (const one of new Set([workload, own])) for (const { name } of pod.shape.containers) live.add(keyOf(one, name));
    }
    return first && { policy: first, workload: own };
  }
}
