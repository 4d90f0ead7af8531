import type { StepStatus } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube";
import { createJobs, isHeld, timeLeft } from "./create.ts";
import type { Observed } from "./decision.ts";
import type { Draft } from "./draft.ts";
import { itemsOf } from "./items.ts";
import { parseOutputs, type Outputs } from "./outputs.ts";
import type { PlanStep } from "./plan.ts";
import { Tally } from "./tally.ts";

/** Looks at a step that runs: ends it, gives it further Jobs, or tells how far it is. */
export function judge(draft: Draft, index: number, observed: Observed): void {
  const step = draft.step(index);
  const entry = draft.entry(index);
  if (entry?.phase !== "Running") return;
  const tally = observed.tally(step.name) ?? new Tally();
  const hindrance = observed.hindrance(index);
  if (hindrance === undefined && !draft.isNew(index, tally.version)) return;

  if (draft.started(index) === undefined) {
    const items = itemsOf(draft, step);
    if (typeof items === "string") return draft.mistake(step, "forEach", items);
    draft.setStarted(index, { items, next: 0 });
  }
  const total = draft.started(index)?.items.length ?? 0;
  if (tally.succeeded === total) return succeed(draft, step, tally, total);

  if (step.shape === "job-an-item") {
    if (tally.unseen.length > 0) return void draft.confirm.push(index);
    const timedOut = timeLeft(draft, step) === 0;
    if (!timedOut && !draft.over && !isHeld(draft, step, hindrance) && !createJobs(draft, step, tally)) return;
    const given = Math.max(draft.started(index)?.next ?? total, tally.created);
    if (tally.succeeded + tally.failed >= (timedOut ? given : total)) return fail(draft, step, tally, total);
  } else {
    const job = tally.onlyJob;
    if (job === undefined || job.failure !== undefined) return fail(draft, step, tally, total);
    // The Job is complete: a pod that isn't known to have succeeded is one that was never seen, or not yet.
    if (job.complete) return tally.confirmed ? succeed(draft, step, tally, total) : void draft.confirm.push(index);
  }
  draft.run(step, { phase: "Running", ...(entry.startedAt === undefined ? {} : { startedAt: entry.startedAt }), ...counted(step, tally, total), ...(tally.problem === undefined ? {} : { message: tally.problem }) });
}

function succeed(draft: Draft, step: PlanStep, tally: Tally, total: number): void {
  const items = step.shape === "single" ? {} : { items: { total, succeeded: total } };
  const outputs: Outputs[] = [];
  for (let item = 0; item < total; item += 1) {
    try {
      outputs.push(parseOutputs(tally.outputOf(item)));
    } catch (error) {
      const message = messageOf(error);
      return draft.end(step, "Failed", { ...items, message: `${step.shape === "single" ? "" : `item ${item}: `}${message}` });
    }
  }
  const [single = {}] = outputs;
  const some = outputs.some((own) => Object.keys(own).length > 0);
  draft.end(step, "Succeeded", { ...items, ...(some ? { outputs: step.shape === "single" ? single : outputs } : {}) });
}

/** Fails a step with the reason that tells most: why the first of the failed items' last pod failed, else what the Job controller says. */
function fail(draft: Draft, step: PlanStep, tally: Tally, total: number): void {
  const shared = step.shape === "job-an-item" ? undefined : tally.onlyJob;
  const item = shared ? undefined : tally.firstFailed;
  const job = shared ?? [...tally.jobs()].find((one) => one.item === item);
  const timedOut = job?.failure?.reason === "DeadlineExceeded" || (step.shape === "job-an-item" && timeLeft(draft, step) === 0);
  const pod = tally.failureOf(item);
  const failed = timedOut ? total - tally.succeeded : Math.max(tally.failed, shared?.failedItems ?? 0, 1);
  // The watch of Jobs may be ahead of the one of pods: then the last failure, or the success of others, isn't known yet.
  if (job !== undefined && !tally.confirmed) return void draft.confirm.push(step.index);

  const counts = step.shape === "single" ? {} : { items: { total, succeeded: tally.succeeded, failed } };
  if (timedOut) {
    const waited = tally.waitedFor ?? draft.entry(step.index)?.message;
    return draft.end(step, "Failed", { ...counts, message: `took longer than its timeout of ${step.spec.timeout}${waited === undefined ? "" : `; ${waited}`}` });
  }
  const reason = job === undefined ? "its Job was deleted" : (pod?.problem ?? job.failure?.message ?? "the Job failed");
  const at = pod?.item ?? item;
  const all = step.shape === "single" || (step.shape === "indexed" && job === undefined);
  draft.end(step, "Failed", { ...counts, message: all ? reason : `${failed} of ${total} items failed; ${at === undefined ? "" : `item ${at}: `}${reason}` });
}

function counted(step: PlanStep, { active, succeeded, failed }: Tally, total: number): Pick<StepStatus, "items"> {
  return step.shape === "single" ? {} : { items: { total, succeeded, ...(active > 0 ? { active } : {}), ...(failed > 0 ? { failed } : {}) } };
}
