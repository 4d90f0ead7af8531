import type { PlanStep } from "../plan/plan.ts";
import type { Failure, TryState } from "../step/kind.ts";
import { kindOf } from "../step/kinds.ts";
import { createTries } from "./create.ts";
import type { Retry, StepChange } from "./decision.ts";
import type { Draft } from "./draft.ts";
import { conclude } from "./conclude.ts";
import { itemsOf } from "./items.ts";
import { judgeFailure, pauseBefore } from "./retry.ts";
import { killOf, sizedOf } from "./size.ts";
import type { Latest } from "./step-pods.ts";
import type { StepProgress } from "./step-progress.ts";
import { lostAfter, waitOf } from "./wait.ts";

/** Looks at a step that runs: takes in what its tries have come to, ends it, or goes on with its items. */
export function judge(draft: Draft, index: number): void {
  const progress = draft.active(index);
  if (progress === undefined) return;
  const pods = draft.observed.pods(index);
  draft.judged.set(index, pods?.version ?? 0);
  const step = draft.step(index);
  const change = draft.change(step, progress);
  if (progress.items === undefined && !resume(draft, step, progress, change)) return;

  for (const item of new Set([...(pods?.news ?? []), ...(pods?.overdue ?? [])])) {
    const latest = pods?.latest(item);
    if (latest !== undefined) judgeItem(draft, step, { progress, change, item, latest });
  }
  if (conclude(draft, step, progress, change)) return;
  if (draft.over === undefined) createTries(draft, step, progress, change);
  if (draft.ended.has(index)) return;
  change.message = waitOf(draft, step, progress, change);
  change.isVisible = isVisible(progress, change);
  if (!change.isVisible && change.items === undefined && change.checked === progress.checked) draft.changes.delete(index);
}

/** After a restart: works the items out again, and looks for tries that should be there. False where it can't. */
function resume(draft: Draft, step: PlanStep, progress: StepProgress, change: StepChange): boolean {
  const items = itemsOf(draft, step);
  if (typeof items === "string") {
    draft.mistake(step, ["forEach"], items);
    return false;
  }
  change.items = items;
  for (let item = 0; item < progress.begun; item += 1) {
    const retry = progress.retries.get(item);
    if (progress.hasEnded(item) || retry?.retryAt !== undefined) continue;
    const number = (retry?.tries ?? 0) + 1;
    if ((draft.observed.pods(step.index)?.latest(item)?.try ?? 0) < number) draft.confirm.push({ step: step.index, item, try: number });
  }
  return true;
}

interface Judged {
  progress: StepProgress;
  change: StepChange;
  item: number;
  latest: Latest;
}

function judgeItem(draft: Draft, step: PlanStep, { progress, change, item, latest }: Judged): void {
  const retry: Retry = progress.retries.get(item) ?? { tries: 0, failures: 0, outOfMemory: 0, retryAt: undefined };
  if (progress.hasEnded(item) || latest.try <= retry.tries) return;
  if (item >= progress.begun || retry.retryAt !== undefined) change.adopted.push(item);
  const kind = kindOf(step.spec);
  const { view } = latest;
  const verdict = latest.gone || view === undefined ? kind.lost(view, step.spec) : kind.verdict(view.state, step.spec);
  const isKill = verdict.is === "failed" && verdict.reason === "OOM";
  const tried = verdict.is === "succeeded" || isKill ? sizedOf(draft, step, view, isKill) : undefined;
  if (tried !== undefined) draft.tried.push({ step: step.index, tried });
  if (verdict.is === "succeeded") return void change.succeeded.set(item, verdict.outputs);
  const failure = verdict.is === "failed" ? verdict : nodeLost(draft, step, view?.state);
  if (failure === undefined) return;

  const killed = isKill ? killOf(step, view, retry) : undefined;
  const { reason, exitCode, message } = { ...failure, ...(killed && { message: killed.message }) };
  change.tries.push({
    ...(step.fanned ? { item } : {}),
    try: latest.try,
    reason,
    ...(exitCode === undefined ? {} : { exitCode }),
    message: message.slice(0, 500),
    finishedAt: draft.time,
  });
  const isGiven = killed?.hasMore ?? false;
  const { counts, again } = isGiven ? { counts: false, again: true } : judgeFailure(step.spec.retry, failure, retry.failures);
  if (!again) return void change.failed.add(item);
  const failures = retry.failures + (counts ? 1 : 0);
  const pause = isGiven ? 0 : pauseBefore(step.spec.retry, counts, failures, latest.try - failures);
  const outOfMemory = retry.outOfMemory + (reason === "OOM" ? 1 : 0);
  change.retries.set(item, {
    tries: latest.try,
    failures,
    outOfMemory,
    memory: killed?.memory ?? retry.memory,
    retryAt: draft.now + pause,
  });
}

/** A try on a node that is lost is given up where the user wants that; else the step waits for it. */
function nodeLost(draft: Draft, step: PlanStep, state: TryState | undefined): Failure | undefined {
  if (state?.phase !== "active" || state.overdueSince === undefined) return undefined;
  const at = state.overdueSince + lostAfter;
  if (draft.now < at) draft.wakeStep(step.index, at);
  else if (step.spec.onNodeLost === "replace")
    return { reason: "NodeLost", message: `its node ${state.node ?? ""} doesn't answer: replaced, though it may still run there` };
  return undefined;
}

/** Whether what the status says of a step changes. */
function isVisible(progress: StepProgress, { succeeded, failed, retries, tries, adopted, message }: StepChange): boolean {
  return succeeded.size + failed.size + retries.size + tries.length + adopted.length > 0 || message !== progress.message;
}
