import type { StepStatus } from "@plimsoll/api";
import { createJobs } from "./create.ts";
import type { Observed } from "./decision.ts";
import type { Draft } from "./draft.ts";
import { explained, itemsOf } from "./items.ts";
import { parseOutputs, type Outputs } from "./outputs.ts";
import type { PlanStep } from "./plan.ts";
import { Tally } from "./tally.ts";
import type { JobView } from "./view.ts";

/** Looks at a step that runs: ends it, gives it further Jobs, or tells how far it is. */
export function judge(draft: Draft, index: number, observed: Observed): void {
  const step = draft.step(index);
  const entry = draft.entry(index);
  if (entry?.phase !== "Running") return;
  const tally = observed.tally(step.name) ?? new Tally();

  if (draft.started(index) === undefined) {
    const items = itemsOf(draft, step);
    if (typeof items === "string") return draft.mistake(step, "forEach", items);
    draft.setStarted(index, { items, next: step.shape === "job-an-item" ? 0 : 1 });
  }
  const total = draft.started(index)?.items.length ?? 0;

  if (tally.succeeded === total) return succeed(draft, step, tally, total);
  if (step.shape === "job-an-item") {
    if (tally.succeeded + tally.failed >= total) return fail(draft, step, tally, total, undefined);
    if (!createJobs(draft, step, tally)) return;
  } else {
    const job = tally.onlyJob;
    if (job === undefined) return draft.end(step, "Failed", { message: "its Job was deleted" });
    if (job.failure !== undefined) return fail(draft, step, tally, total, job);
    // The Job is complete: a pod that isn't known to have succeeded is one that was never seen, or not yet.
    if (job.complete) return void draft.confirm.push(index);
  }
  draft.run(step, { phase: "Running", ...(entry.startedAt === undefined ? {} : { startedAt: entry.startedAt }), ...counted(step, tally, total), ...(tally.problem === undefined ? {} : { message: tally.problem }) });
}

function succeed(draft: Draft, step: PlanStep, tally: Tally, total: number): void {
  const outputs: Outputs[] = [];
  for (let item = 0; item < total; item += 1) {
    try {
      outputs.push(parseOutputs(tally.outputOf(item)));
    } catch (error) {
      return draft.end(step, "Failed", { ...counted(step, tally, total), message: `${step.shape === "single" ? "" : `item ${item}: `}${explained(error)}` });
    }
  }
  const [single = {}] = outputs;
  const kept = step.shape !== "single" ? outputs.some(hasAny) && { outputs } : hasAny(single) && { outputs: single };
  draft.end(step, "Succeeded", { ...counted(step, tally, total), ...(kept || {}) });
}

function fail(draft: Draft, step: PlanStep, tally: Tally, total: number, job: JobView | undefined): void {
  const failure = job?.failure ?? [...tally.jobs()].find((one) => one.failure !== undefined)?.failure;
  const pod = tally.lastFailure;
  const reason = failure?.reason === "DeadlineExceeded" ? `took longer than its timeout of ${step.spec.timeout}` : (pod?.problem ?? failure?.message ?? "the Job failed");
  const failed = step.shape === "indexed" ? Math.max(1, job?.failedItems ?? 0) : tally.failed;
  const message = step.shape === "single" ? reason : `${failed} of ${total} items failed; ${failure?.reason === "DeadlineExceeded" || pod === undefined ? "" : `item ${pod.item ?? 0}: `}${reason}`;
  draft.end(step, "Failed", { ...counted(step, tally, total, failed), message });
}

function counted(step: PlanStep, tally: Tally, total: number, failed = tally.failed): Pick<StepStatus, "items"> {
  if (step.shape === "single") return {};
  return { items: { total, ...(tally.active > 0 ? { active: tally.active } : {}), succeeded: tally.succeeded, ...(failed > 0 ? { failed } : {}) } };
}

function hasAny(outputs: Outputs): boolean {
  return Object.keys(outputs).length > 0;
}
