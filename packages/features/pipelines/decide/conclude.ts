import type { StepStatus } from "@plimsoll/api";
import type { PlanStep } from "../plan/plan.ts";
import { bytesOf, type Outputs } from "../step/outputs.ts";
import type { StepChange } from "./decision.ts";
import { timeLeft } from "./deadline.ts";
import type { Draft } from "./draft.ts";
import { firstFailure, type StepProgress } from "./step-progress.ts";

/** Ends a step where all its items have ended, one has failed that others needn't wait for, or its time is over. Tells whether it did. */
export function conclude(draft: Draft, step: PlanStep, progress: StepProgress, change: StepChange): boolean {
  const succeeded = progress.succeeded.size + change.succeeded.size;
  const failed = progress.failed.size + change.failed.size;
  const total = change.items?.length ?? progress.total;
  // The last item needn't be waited for where those before it have too much already.
  const tooLong = succeeded < total ? draft.tooLong(outputBytes(progress, change)) : undefined;
  if (tooLong !== undefined) draft.finish(step, "Failed", { ...counts(step, progress, change, failed), message: tooLong });
  else if (succeeded === total) draft.finish(step, "Succeeded", results(step, progress, change, total));
  else if (succeeded + failed === total || (failed > 0 && step.spec.failFast))
    draft.finish(step, "Failed", { ...counts(step, progress, change, failed), message: failureOf(step, progress, change, failed, total) });
  else if (timeLeft(draft, step, progress.startedAt) === 0 && draft.over === undefined)
    draft.finish(step, "Failed", {
      ...counts(step, progress, change, total - succeeded),
      message: tookTooLong(step, waitedFor(draft, step, progress)),
    });
  else return false;
  return true;
}

function results(step: PlanStep, progress: StepProgress, change: StepChange, total: number): Partial<StepStatus> {
  const of = (item: number): Outputs => change.succeeded.get(item) ?? progress.outputs(item) ?? {};
  if (!step.fanned) {
    const outputs = of(0);
    return Object.keys(outputs).length > 0 ? { outputs } : {};
  }
  const outputs = Array.from({ length: total }, (_, item) => of(item));
  const items = { total, succeeded: total };
  return outputs.some((own) => Object.keys(own).length > 0) ? { items, outputs } : { items };
}

function outputBytes(progress: StepProgress, { succeeded }: StepChange): number {
  let bytes = progress.outputBytes;
  for (const outputs of succeeded.values()) bytes += bytesOf(outputs);
  return bytes;
}

/** The counts as they are with a change. */
function counts(step: PlanStep, progress: StepProgress, change: StepChange, failed: number): Pick<StepStatus, "items"> {
  if (!step.fanned) return {};
  const total = change.items?.length ?? progress.total;
  return { items: { total, succeeded: progress.succeeded.size + change.succeeded.size, failed } };
}

function failureOf(step: PlanStep, progress: StepProgress, change: StepChange, failed: number, total: number): string {
  const isFailed = { has: (item: number) => progress.failed.has(item) || change.failed.has(item) };
  const first = firstFailure([...progress.tries(), ...change.tries], isFailed);
  const reason = first?.message ?? "its last try is not known any more";
  return step.fanned ? `${failed} of ${total} items failed; item ${first?.item ?? "?"}: ${reason}` : reason;
}

/** Why a step whose time is over failed, with what it waited for, if that is known. */
function tookTooLong({ spec }: PlanStep, waited: string | undefined): string {
  return `took longer than its timeout of ${spec.timeout}${waited === undefined ? "" : `; ${waited}`}`;
}

function waitedFor(draft: Draft, step: PlanStep, progress: StepProgress): string | undefined {
  return draft.observed.blocked(step.index)?.message ?? draft.observed.pods(step.index)?.waiting?.reason ?? progress.message;
}
