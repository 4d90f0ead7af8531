import { Slice, type Clock } from "@plimsoll/kube";
import { Assignment, keyOf, sizingLabel } from "@plimsoll/model/sizing";
import type { ResizablePod } from "../observe/pod.ts";
import type { AppliedPolicy } from "./policy.ts";
import type { Seen } from "./seen.ts";

/** Whose a pod is: a policy's UID, and the key of a workload. */
interface Claim {
  policy: string;
  key: string;
}

/** Which pods the policies of a namespace have. */
interface Claimed {
  /** By what it was assigned: another choice of any policy is another assignment of all pods. */
  choice: string;
  policies: readonly AppliedPolicy[];
  /** The names of pods that are to be assigned yet. */
  due: Set<string>;
  byPod: Map<string, Claim>;
  /** By policies and workloads, the names of pods. */
  byPolicy: Map<string, Map<string, Set<string>>>;
}

/** Which policies have which pods: kept for the namespaces that were asked for, so that a pod that changes is the only one that is assigned anew. */
export class Claims {
  readonly #seen: Pick<Seen, "policies" | "pods" | "owner">;
  readonly #clock: Clock;
  readonly #byNamespace = new Map<string, Claimed>();

  constructor(seen: Pick<Seen, "policies" | "pods" | "owner">, clock: Clock) {
    this.#seen = seen;
    this.#clock = clock;
  }

  /** The pods that a policy has, by the keys of their workloads. */
  async of({ metadata: { namespace = "", uid } }: AppliedPolicy): Promise<Map<string, ResizablePod[]>> {
    const claimed = this.#claimedIn(namespace);
    const slice = new Slice(this.#clock);
    let assignment = this.#assignmentBy(claimed);
    for (const name of claimed.due) {
      if (slice.isOver) {
        await slice.turn();
        // What it knows is as of one moment.
        assignment = this.#assignmentBy(claimed);
      }
      this.#assign(claimed, namespace, name, assignment);
    }
    return new Map(
      [...(claimed.byPolicy.get(uid) ?? [])].map(([key, names]) => [
        key,
        [...names].flatMap((name) => this.#seen.pods.get(namespace, name) ?? []),
      ]),
    );
  }

  /** A pod has come, has changed, or is gone: gives the UIDs of the policies that have or had it; undefined: that isn't known. */
  changed(namespace: string, name: string): Set<string> | undefined {
    const claimed = this.#byNamespace.get(namespace);
    if (claimed === undefined) return undefined;
    if (claimed.due.size > 0) {
      claimed.due.add(name);
      return undefined;
    }
    const before = claimed.byPod.get(name);
    this.#assign(claimed, namespace, name, this.#assignmentBy(claimed));
    return new Set([before, claimed.byPod.get(name)].flatMap((claim) => claim?.policy ?? []));
  }

  /** No policy of the namespace applies anything any more. */
  forget(namespace: string): void {
    this.#byNamespace.delete(namespace);
  }

  #claimedIn(namespace: string): Claimed {
    const policies = this.#seen.policies.by("namespace", namespace).filter(isThere);
    const choice = policies.map(choiceOf).toSorted().join();
    const known = this.#byNamespace.get(namespace);
    if (known?.choice === choice) return known;
    const due = new Set(this.#seen.pods.by("namespace", namespace).map(({ name }) => name));
    const claimed = { choice, policies, due, byPod: new Map(), byPolicy: new Map() };
    this.#byNamespace.set(namespace, claimed);
    return claimed;
  }

  #assignmentBy({ policies }: Claimed): Assignment<AppliedPolicy> {
    return new Assignment(policies, this.#seen.owner);
  }

  #assign({ due, byPod, byPolicy }: Claimed, namespace: string, name: string, assignment: Assignment<AppliedPolicy>): void {
    due.delete(name);
    const before = byPod.get(name);
    const pod = this.#seen.pods.get(namespace, name);
    const claim = pod && claimOf(pod, assignment);
    if (before?.policy === claim?.policy && before?.key === claim?.key) return;
    if (before !== undefined) remove(byPolicy, before, name);
    if (claim === undefined) byPod.delete(name);
    else {
      byPod.set(name, claim);
      const workloads = byPolicy.get(claim.policy) ?? new Map<string, Set<string>>();
      byPolicy.set(claim.policy, workloads.set(claim.key, (workloads.get(claim.key) ?? new Set()).add(name)));
    }
  }
}

/** What of a policy says which pods it has; empty: it has none. */
export function choiceOf(policy: AppliedPolicy): string {
  const { metadata, spec } = policy;
  return isThere(policy) ? JSON.stringify([metadata.uid, metadata.creationTimestamp, spec.selector, spec.workloads, spec.jobs]) : "";
}

/** Also one with a mistake keeps what it chooses: nothing of it is changed, by another policy neither. */
function isThere({ metadata }: AppliedPolicy): boolean {
  return metadata.deletionTimestamp === undefined;
}

/** A step that goes by its own pods' use is sized by its pipeline. */
function claimOf(pod: ResizablePod, assignment: Assignment<AppliedPolicy>): Claim | undefined {
  if (pod.shape.isOptedOut || pod.shape.labels[sizingLabel] !== undefined) return undefined;
  const assigned = assignment.of(pod);
  return assigned && { policy: assigned.policy.metadata.uid, key: keyOf(assigned.workload, "") };
}

function remove(byPolicy: Claimed["byPolicy"], { policy, key }: Claim, name: string): void {
  const workloads = byPolicy.get(policy);
  const names = workloads?.get(key);
  names?.delete(name);
  if (names?.size === 0) workloads?.delete(key);
  if (workloads?.size === 0) byPolicy.delete(policy);
}
