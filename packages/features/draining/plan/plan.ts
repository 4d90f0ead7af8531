import type { Budget, Owner, PodView } from "@plimsoll/model";

/** An eviction that may be sent now. Sent and accepted, it is handed to the next plans as in flight until it is over. */
export interface Eviction {
  pod: PodView;
  /** Where its successor has room; undefined: nothing makes it one. */
  to: string | undefined;
  /** The budget that it takes one disruption of, as it was when it was planned. */
  budget: Budget | undefined;
  /** UIDs of the pods that its owner had then: one more is a successor, whatever clock its time of creation is by. */
  siblings: ReadonlySet<string>;
  /** When it was planned, or sent. */
  at: number;
}

/** A workload that needs one more ready pod elsewhere before this pod may be evicted. */
export interface Surge {
  owner: Owner;
  pod: PodView;
  /** The budget that allows no disruption until then; undefined: the pod is its workload's only one. */
  budget: Budget | undefined;
}

/** What becomes of a pod of a node that is drained. */
export type Verdict =
  /** It stays, and needn't go. */
  | { kind: "skipped"; why: "daemonSet" | "mirror" | "finished" }
  /** It may not be evicted unless the Drain allows it; nothing is evicted from its node. */
  | { kind: "refused"; why: "unmanaged" }
  | { kind: "refused"; why: "localData"; volumes: readonly string[] }
  /**
   * The eviction API will not take it while it runs, unless somebody changes the budgets: `many`: two or more select it; `scale`: one needs to
   * know how many pods there should be, and their owner can't say; `zero`: one allows none to be missing. Or, `replicas`, unless there are more
   * replicas: one wants as many as there are.
   */
  | { kind: "blocked"; why: "many" | "scale" | "zero" | "replicas"; budgets: readonly Budget[] }
  /** Its successor would find no node; `alone`: also if no other pod were moved. `reason` is in the scheduler's words. */
  | { kind: "homeless"; alone: boolean; reason: string }
  /** It is ending. */
  | { kind: "ending" }
  /** Its budget allows no more now. */
  | { kind: "waits"; for: "budget"; budget: Budget }
  /** It is given time to end by itself: until then at most. */
  | { kind: "waits"; for: "job"; until: number }
  /** There is no room now, but there will be once others have moved. */
  | { kind: "waits"; for: "room"; reason: string }
  | { kind: "waits"; for: "surge"; budget: Budget | undefined }
  /** Other nodes come first, its node has refused pods, or it is the last of its workload that is ready while another is on its way. */
  | { kind: "waits"; for: "node" | "refused" | "sibling" }
  | { kind: "evict"; to: string | undefined };

/** Pods that nodes were found for, all of them together. */
export interface Housed {
  uids: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  since: number;
}

/** What may be done now, and what becomes of each pod. */
export interface DrainPlan {
  /** In the order in which they are to be sent; all of them may be in flight together. */
  evict: readonly Eviction[];
  surge: readonly Surge[];
  /** By pod's UID, of every pod on a node that is drained. */
  verdicts: ReadonlyMap<string, { pod: PodView; verdict: Verdict }>;
  /** By node's name: how many pods have still to go; 0: it is drained. */
  left: ReadonlyMap<string, number>;
  /** Undefined: not all that have to go have nodes to go to. */
  housed?: Housed;
}
