import { Draft } from "./draft.ts";
import type { StepStatus } from "@plimsoll/api";
import type { Control, Decision, Observed } from "./decision.ts";
import { startCounting } from "./budget.ts";
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
 * - Where the steps' expressions take long, it does what is left the next time, at once: others' runs have their turn between.
 */
export function decide(progress: Progress, observed: Observed, control: Control): Decision {
  const { plan } = progress;
  const deadline = plan.timeout && control.startedAt + plan.timeout.milliseconds;
  if (control.cancel) return stop(progress, observed, control, "Cancelled", undefined);
  if (deadline !== undefined && control.now >= deadline) return stop(progress, observed, control, "Failed", `the run took longer than its timeout of ${plan.timeout?.text}`);

  const draft = new Draft(progress, control);
  startCounting();
  let spent = 0;
  const hasTime = (): boolean => (spent += startCounting()) <= 1;
  for (const index of progress.active) if (hasTime()) judge(draft, index, observed);
  for (let step = draft.nextReady(); step !== undefined && hasTime(); step = draft.nextReady()) start(draft, step, observed);
  return draft.decision(hasTime() ? deadline : control.now);
}

/** Ends the run at once: what runs is removed, and what waits never starts. */
function stop(progress: Progress, observed: Observed, control: Control, phase: "Failed" | "Cancelled", message: string | undefined): Decision {
  const entries = new Map<number, StepStatus>();
  const finishedAt = new Date(control.now).toISOString();
  for (const index of progress.active) {
    const entry = progress.entry(index);
    if (entry === undefined) continue;
    const { message: _waiting, ...rest } = entry;
    entries.set(index, { ...rest, phase: "Cancelled", finishedAt, ...(message === undefined ? {} : { message: "ended with the run" }) });
  }
  const remove: string[] = [];
  for (const tally of observed.tallies()) {
    for (const job of tally.jobs()) if (!job.complete && job.failure === undefined && !job.deleting) remove.push(job.name);
  }
  return { create: [], confirm: [], remove, entries, started: new Map(), judged: new Map(), problems: [], wakeAt: undefined, end: { phase, message } };
}
