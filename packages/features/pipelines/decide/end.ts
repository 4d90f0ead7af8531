import type { End } from "./decision.ts";
import type { Draft } from "./draft.ts";

/** How a run is to end before its steps have, if so. Once its outcome is decided, nothing ends the steps of `finally`. */
export function overOf(draft: Draft): End | undefined {
  const { progress, control, now } = draft;
  if (progress.outcome !== undefined) return undefined;
  if (control.failure !== undefined) return { phase: "Failed", message: control.failure };
  if (control.cancel) return { phase: "Cancelled" };
  const { timeout, failFast } = draft.plan;
  if (timeout !== undefined) {
    const deadline = control.startedAt + timeout.milliseconds;
    if (now >= deadline) return { phase: "Failed", message: `the run took longer than its timeout of ${timeout.text}` };
    draft.wake(deadline);
  }
  return failFast && failedSteps(draft).length > 0 ? { phase: "Failed", message: failure(draft) } : undefined;
}

/** Ends what runs, as the run is to end. What waits never starts. */
export function stop(draft: Draft, over: End): void {
  if (draft.countEnded().main === draft.plan.mainCount) return;
  let waited: string | undefined;
  for (const [index, { message, total, succeeded }] of draft.progress.active) {
    const step = draft.step(index);
    if (draft.ended.has(index) || step.isFinal) continue;
    const reason = draft.observed.pods(index)?.waiting?.reason ?? draft.observed.blocked(index)?.message ?? message;
    if (reason !== undefined) waited ??= `step ${step.name}: ${reason}`;
    const text = [over.message === undefined ? undefined : "ended with the run", reason].filter((part) => part !== undefined).join("; ");
    const counted = succeeded.size + (draft.changes.get(index)?.succeeded.size ?? 0);
    draft.finish(step, "Cancelled", {
      ...(step.fanned ? { items: { total, succeeded: counted } } : {}),
      ...(text === "" ? {} : { message: text }),
    });
  }
  draft.isStopped = true;
  draft.over = { ...over, message: [over.message, waited].filter((part) => part !== undefined).join("; ") || undefined };
}

/** Says what the run, or all of it but the steps of `finally`, has come to, where it has. */
export function concludeRun(draft: Draft): void {
  const { plan, progress } = draft;
  const { main, all } = draft.countEnded();
  const { outcome } = progress;
  if (outcome === undefined) {
    if (!draft.isStopped && main < plan.mainCount) return;
    // Where nothing was cut off, all that the run had to do was done by then.
    const end = draft.isStopped && draft.over !== undefined ? draft.over : endByItself(draft);
    if (plan.hasFinally) {
      draft.outcome = end;
      draft.record = true;
    } else draft.end = end;
  } else if (all - main === plan.steps.length - plan.mainCount) {
    draft.end = outcome.phase === "Succeeded" ? endByItself(draft) : outcome;
  }
}

function endByItself(draft: Draft): End {
  return failedSteps(draft).length > 0 ? { phase: "Failed", message: failure(draft) } : { phase: "Succeeded" };
}

/** Steps that fail the run, in the pipeline's order: which one failed first may not be known any more. */
function failedSteps(draft: Draft): number[] {
  const failed = new Set(draft.progress.failed);
  for (const [index, { phase }] of draft.ended) if (phase === "Failed" && !draft.step(index).spec.continueOnFailure) failed.add(index);
  return [...failed].sort((a, b) => a - b);
}

function failure(draft: Draft): string {
  const indexes = failedSteps(draft);
  const [first = 0] = indexes;
  if (indexes.length === 1) return `step ${draft.step(first).name} failed: ${draft.endedOf(first)?.message ?? ""}`;
  const names = indexes.slice(0, 5).map((index) => draft.step(index).name);
  return `steps ${[...names, ...(indexes.length > 5 ? [`${indexes.length - 5} more`] : [])].join(", ")} failed`;
}
