import type { PodView } from "@plimsoll/model";
import { JobTimes } from "./jobs.ts";
import type { Verdict } from "./plan.ts";
import type { DrainPolicy, DrainRequest } from "./request.ts";
import { refused, skipped } from "./standing.ts";

/** A node that is drained, and what of it has to go. */
export interface Leaving {
  node: string;
  policy: DrainPolicy;
  /** Those that may be evicted, in the order in which they are to be. */
  pods: PodView[];
  /** Those that are ending, or whose eviction was accepted. */
  ending: PodView[];
  /** Whether pods are on it that may not be evicted without leave. */
  isRefused: boolean;
  /** Whether pods are on it that lose the more the longer they are left. */
  isUrgent: boolean;
  /** How many pods have still to go. */
  left: number;
}

/** Tells the pods of each node apart, and notes a verdict for all that can't be evicted now or needn't. */
export function leavingOf(request: DrainRequest, note: (pod: PodView, verdict: Verdict) => void): Leaving[] {
  const times = new JobTimes(request);
  const accepted = new Set(request.inFlight.map(({ pod }) => pod.uid));
  return request.drains.flatMap(({ nodes, policy }) => nodes.map((node) => leaving(node, policy)));

  function leaving(node: string, policy: DrainPolicy): Leaving {
    const found: Leaving = { node, policy, pods: [], ending: [], isRefused: false, isUrgent: false, left: 0 };
    const first = new Set<PodView>();
    for (const pod of request.cluster.podsOn(node)) {
      const stays = skipped(pod);
      if (stays === undefined) found.left++;
      const verdict = stays ?? verdictOf(pod);
      if (verdict === undefined) found.pods.push(pod);
      else note(pod, verdict);
      if (verdict?.kind === "ending") found.ending.push(pod);
      if (verdict?.kind === "refused") found.isRefused = true;
    }
    found.isUrgent = first.size > 0;
    found.pods.sort((a, b) => Number(first.has(b)) - Number(first.has(a)) || bySize(a, b));
    return found;

    function verdictOf(pod: PodView): Verdict | undefined {
      if (pod.endsAt !== undefined || accepted.has(pod.uid)) return { kind: "ending" };
      const time = times.of(pod, policy.jobsUntil);
      if (time?.kind === "waits") return { kind: "waits", for: "job", until: time.until };
      const verdict = refused(pod, policy);
      if (verdict === undefined && time?.kind === "first") first.add(pod);
      return verdict;
    }
  }
}

/** The largest first, which are the hardest to find room for; else by name. */
function bySize(a: PodView, b: PodView): number {
  for (const name of ["memory", "cpu"]) {
    const difference = (b.requests[name] ?? 0) - (a.requests[name] ?? 0);
    if (difference !== 0) return difference;
  }
  const [left, right] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
