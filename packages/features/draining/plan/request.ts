import type { Budget, Cluster, PodView } from "@plimsoll/model";
import type { Eviction, Housed } from "./plan.ts";

/** What a Drain says of how its nodes are drained. */
export interface DrainPolicy {
  /** Nodes at a time from which pods are evicted; those that only wait for Jobs to end don't count. */
  maxParallel: number;
  /** Until when pods of Jobs and of pipelines' steps are given time to end; milliseconds since 1970. */
  jobsUntil: number;
  /** Whether a workload gets one more replica before its only pod, or one that its budget holds, is evicted. */
  surge: boolean;
  /** Whether pods may be evicted that nothing makes again. */
  evictsUnmanaged: boolean;
  /** Whether pods may be evicted whose emptyDir volumes go with them. */
  deletesLocalData: boolean;
}

/** Nodes that are drained by one policy. */
export interface NodesToDrain {
  nodes: readonly string[];
  policy: DrainPolicy;
}

/** What is asked of the planner. */
export interface DrainRequest {
  cluster: Cluster;
  /** The budgets of a namespace, as the API server last told of them. */
  budgets: (namespace: string) => readonly Budget[];
  drains: readonly NodesToDrain[];
  /** What of earlier plans was sent and accepted, and is not over; see `isOver`. */
  inFlight: readonly Eviction[];
  /** Milliseconds since 1970. */
  now: number;
  /** What the last plan found. While it is fresh, and no other pod has to go, it isn't worked out again. */
  housed?: Housed | undefined;
  /** Whether a pod's workload can be given one more replica; by default those of ReplicaSets and StatefulSets. */
  canSurge?: (pod: PodView) => boolean;
  /** When a pod's Job ends it, whatever it is at: its start and activeDeadlineSeconds. Undefined: never, or unknown. */
  jobDeadline?: (pod: PodView) => number | undefined;
}
