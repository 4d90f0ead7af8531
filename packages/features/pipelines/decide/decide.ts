import type { Control, Decision, Observed } from "./decision.ts";
import { Draft } from "./draft.ts";
import { concludeRun, overOf, stop } from "./end.ts";
import { judge } from "./judge.ts";
import type { Progress } from "./progress.ts";
import { start } from "./start.ts";

/**
 * Decides what a run needs next. Pure: what it is given stays as it is. The cost depends on the steps of which there is news, or that
 * become ready, not on those that have ended.
 *
 * - A step is considered when all that it needs has ended. It is skipped when one of these didn't succeed, unless it has an `if`: then
 *   that decides. What has ended and isn't written yet is carried by the pods that are created.
 * - A step has succeeded when a try of each of its items has; it has failed when all have ended and one failed for good. Either is decided once.
 * - The run goes on while any step can: it has failed when all have ended and one of them failed.
 * - Cancelled, or when its time is over, it ends as far as its steps have come by then; what has ended meanwhile counts.
 * - The steps of `finally` are considered when all others have ended, in whatever way.
 * - Where much is to be done, it does what is left the next time, at once: others' runs have their turn between.
 */
export function decide(progress: Progress, observed: Observed, control: Control): Decision {
  const draft = new Draft(progress, observed, control);
  draft.over = overOf(draft);
  for (const index of observed.due)
    if (draft.canAfford()) judge(draft, index);
    else draft.wakeStep(index, control.now);
  for (let step = draft.nextReady(); step !== undefined && draft.canAfford(); step = draft.nextReady()) {
    if (!step.isFinal && progress.outcome !== undefined) continue;
    // Of a run that is to end, only what is there already is taken in.
    if (draft.over === undefined || step.isFinal || observed.pods(step.index) !== undefined) start(draft, step);
  }
  // What fails here may end the run at once.
  draft.over ??= overOf(draft);
  if (draft.over !== undefined && draft.canAfford()) {
    // What was there has to be taken in before.
    if (draft.started.size + draft.confirm.length > 0) draft.wake(control.now);
    else stop(draft, draft.over);
  }
  concludeRun(draft);
  return draft;
}
