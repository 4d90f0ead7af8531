import type { Blocker } from "@plimsoll/api";
import type { PodView } from "@plimsoll/model";
import { explain, type Verdict } from "../plan/index.ts";

/** What the API server said to a pod's eviction. */
export interface Refusal {
  code: number;
  message: string;
  /** How often, one after the other. */
  times: number;
  /** When it is asked again; milliseconds since 1970. */
  until: number;
}

/** A pod of a node that is drained, and what is known of it. */
export interface Standing {
  pod: PodView;
  verdict: Verdict;
  /** It was made on the node though that was cordoned. */
  isReturned: boolean;
  refusal: Refusal | undefined;
}

/** How long after its time a pod is still waited for without a word; milliseconds. */
const patience = 60_000;
/** How often the eviction of a pod may be refused, when it should be granted, without a word. */
const often = 3;

const reasons = { many: "ManyBudgets", scale: "NoScale", zero: "ZeroBudget", replicas: "Budget" } as const;
const waysOut = {
  many: "change the selectors so that one budget selects it",
  scale: "give minAvailable as a whole number, or take the budget away",
  zero: "allow one to be missing, or take the budget away",
  replicas: "add a replica (spec.surge does, of a Deployment that nothing else scales), or let the budget allow one to be missing",
} as const;

/** What keeps a pod on its node unless somebody changes something; undefined: nothing that is known of. */
export function blockerOf({ pod, verdict, isReturned, refusal }: Standing, now: number): Blocker | undefined {
  const blocker = (reason: Blocker["reason"], message: string): Blocker => ({
    pod: `${pod.namespace}/${pod.name}`,
    reason,
    message: message.slice(0, 400),
  });
  if (verdict.kind === "ending") {
    if (pod.endsAt === undefined || now < pod.endsAt + patience) return undefined;
    const since = new Date(pod.endsAt).toISOString();
    return blocker("Stuck", `was to have ended at ${since}: its kubelet doesn't answer, or a finalizer keeps it`);
  }
  if (verdict.kind === "skipped") return undefined;
  if (isReturned)
    return blocker(
      "Returned",
      "was made again on the node though that is cordoned: it tolerates that, or names the node; change the pod's template",
    );
  switch (verdict.kind) {
    case "refused":
      return verdict.why === "unmanaged"
        ? blocker("Unmanaged", `${explain(verdict)}: set spec.allow.unmanaged, or delete it`)
        : blocker("LocalData", `${explain(verdict)}: set spec.allow.emptyDir, or move it yourself`);
    case "blocked":
      return blocker(reasons[verdict.why], `${explain(verdict)}: ${waysOut[verdict.why]}`);
    case "homeless":
      return blocker("NoNode", `${explain(verdict)}: add a node, or take some out of the Drain`);
    default:
      return refusal === undefined || (refusal.code === 429 && refusal.times < often)
        ? undefined
        : blocker("Refused", `the API server refuses its eviction (${refusal.code}): ${refusal.message}`);
  }
}

/** Whether a pod is on its way, or will be when others are. */
export function isMoving({ verdict, isReturned }: Standing): boolean {
  if (isReturned) return verdict.kind === "ending";
  return (
    verdict.kind === "evict" || verdict.kind === "ending" || (verdict.kind === "waits" && !["node", "job", "refused"].includes(verdict.for))
  );
}
