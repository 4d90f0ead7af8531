import { Draft } from "./draft.ts";
import type { Control, Decision, Observed } from "./decision.ts";
import { startCounting } from "./language/budget.ts";
import { judge } from "./judge.ts";
import type { Progress } from "./progress.ts";
import { start } from "./start.ts";

/**
 * Decides what a run needs next. Pure: what it is given stays as it is. The cost depends on the steps that run or become ready,
 * not on those that have ended.
 *
 * - A step is considered when all that it needs has ended. It is skipped when one of these didn't succeed, unless it has an `if`:
 *   then that decides.
 * - A step has succeeded when a pod of each of its items has; it has failed when the Job controller has given up one of its Jobs
 *   and the others have ended. Either is decided once.
 * - The run goes on while any step can: it has failed when all have ended and one of them failed.
 * - Cancelled, or when its time is over, it ends as far as its steps have come by then; what has ended meanwhile counts.
 * - Where the steps' expressions take long, it does what is left the next time, at once: others' runs have their turn between.
 */
export function decide(progress: Progress, observed: Observed, control: Control): Decision {
  const { timeout } = progress.plan;
  const deadline = timeout && control.startedAt + timeout.milliseconds;
  const over = control.cancel
    ? { phase: "Cancelled" as const, message: undefined }
    : deadline !== undefined && control.now >= deadline
      ? { phase: "Failed" as const, message: `the run took longer than its timeout of ${timeout?.text}` }
      : undefined;

  const draft = new Draft(progress, control, over);
  if (deadline !== undefined && !over) draft.wake(deadline);
  startCounting();
  let spent = 0;
  const canAfford = (): boolean => (spent += startCounting()) <= 1;
  for (const index of progress.active) if (canAfford()) judge(draft, index, observed);
  for (let step = draft.nextReady(); step !== undefined && canAfford(); step = draft.nextReady()) start(draft, step, observed);
  if (!canAfford()) draft.wake(control.now);
  else if (over) draft.stop(observed);
  return draft.decision();
}
