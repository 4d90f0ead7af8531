import type { PlanStep } from "../plan/plan.ts";
import type { StepChange } from "./decision.ts";
import type { Draft } from "./draft.ts";
import type { StepProgress } from "./step-progress.ts";

/** How long after it should be gone a pod is taken to be on a node that is lost, in milliseconds. */
export const lostAfter = 10_000;

/** How long a container may take to be made before that is said, in milliseconds. */
const startsWithin = 60_000;

/** What a step waits for, if that is known: what blocks its creations, why its pods don't begin, what is to be tried again. */
export function waitOf(draft: Draft, step: PlanStep, progress: StepProgress, change: StepChange): string | undefined {
  const blocked = draft.observed.blocked(step.index);
  if (blocked !== undefined) return blocked.message;
  const at = (item: number, text: string): string => (step.fanned ? `item ${item}: ${text}` : text);
  const pods = draft.observed.pods(step.index);
  const { waiting } = pods ?? {};
  if (waiting !== undefined) return waiting.reason;
  const slow = slowStart(draft, step);
  if (slow !== undefined) return at(slow.item, slow.text);
  for (const retries of [change.retries, progress.retries])
    for (const [item, { retryAt }] of retries) {
      if (retryAt === undefined || change.failed.has(item) || change.succeeded.has(item)) continue;
      const last = [...progress.tries(), ...change.tries].findLast((one) => (one.item ?? 0) === item);
      return last === undefined ? undefined : at(item, `${last.message}; to be tried again`);
    }
  return undefined;
}

/** A pod whose end nobody confirms, or whose containers are long in coming. */
function slowStart(draft: Draft, step: PlanStep): { item: number; text: string } | undefined {
  const { now } = draft;
  let next = Infinity;
  let found: { item: number; text: string } | undefined;
  for (const { name, item, state } of draft.observed.pods(step.index)?.slow ?? []) {
    if (state.phase !== "active") continue;
    if (state.overdueSince !== undefined && now >= state.overdueSince + lostAfter) {
      const text = `its node ${state.node ?? ""} doesn't answer, so that nobody knows whether pod ${name} still runs: it waits until the node is back, is deleted, or is marked out-of-service (onNodeLost: replace doesn't wait)`;
      return { item, text };
    }
    if (state.startingSince === undefined) continue;
    const at = state.startingSince + startsWithin;
    if (now < at) next = Math.min(next, at);
    else
      found ??= {
        item,
        text: `pod ${name} has had a node for over a minute, and its containers are not there yet: a Secret, ConfigMap or volume that it mounts may be missing, or a volume held by another node (kubectl describe pod ${name})`,
      };
  }
  draft.wakeStep(step.index, next);
  return found;
}
