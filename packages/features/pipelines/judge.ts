import type { StepStatus } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube";
import { createJobs, isHeld, timeLeft } from "./create.ts";
import type { Observed } from "./decision.ts";
import type { Draft } from "./draft.ts";
import { itemsOf } from "./items.ts";
import { parseOutputs, type Outputs } from "./outputs.ts";
import type { PlanStep } from "./plan/plan.ts";
import { Tally } from "./tally.ts";
import type { JobView } from "./view.ts";

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
    if (typeof items === "string") return draft.mistake(step, ["forEach"], items);
    draft.setStarted(index, { items, next: 0 });
  }
  const total = draft.started(index)?.items.length ?? 0;
  if (tally.succeeded === total) return succeed(draft, step, tally, total);
  const timedOut = step.shape === "job-an-item" && timeLeft(draft, step) === 0;
  const lacksJobs = step.shape === "job-an-item" && tally.unseen.length === 0 && !timedOut;
  if (lacksJobs && !isHeld(draft, step, hindrance) && !createJobs(draft, step, tally)) return;
  const due = timedOut ? Math.max(draft.started(index)?.next ?? total, tally.created) : total;

  switch (verdictOn(step, tally, due)) {
    case "unsure":
      draft.confirm.push(index);
      return;
    case "succeeded":
      return succeed(draft, step, tally, total);
    case "failed":
      return fail(draft, step, tally, total);
    default:
      draft.run(step, {
        phase: "Running",
        ...(entry.startedAt === undefined ? {} : { startedAt: entry.startedAt }),
        ...counted(step, tally, total),
        ...(tally.problem === undefined ? {} : { message: tally.problem }),
      });
  }
}

/**
 * What a step has come to of which not every item's pod is known to have succeeded; `due` is how many items must have ended:
 * all, or out of time those that have a Job. Unsure: the watch of Jobs may be ahead of the one of pods, so that a success, or the last failure,
 * isn't known yet.
 */
function verdictOn(step: PlanStep, tally: Tally, due: number): "running" | "unsure" | "succeeded" | "failed" {
  if (step.shape === "job-an-item") {
    if (tally.unseen.length > 0) return "unsure";
    if (tally.succeeded + tally.failed < due) return "running";
  } else {
    const job = tally.onlyJob;
    if (job?.complete && job.failure === undefined) return tally.confirmed ? "succeeded" : "unsure";
    if (job !== undefined && job.failure === undefined) return "running";
  }
  return tally.confirmed || failedJob(step, tally) === undefined ? "failed" : "unsure";
}

/** The Job that tells why a step failed: its only one, or that of the first item that did; undefined where it was deleted. */
function failedJob(step: PlanStep, tally: Tally): JobView | undefined {
  if (step.shape !== "job-an-item") return tally.onlyJob;
  const item = tally.firstFailed;
  return [...tally.jobs()].find((job) => job.item === item);
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
  const job = failedJob(step, tally);
  const item = step.shape === "job-an-item" ? tally.firstFailed : undefined;
  const timedOut = job?.failure?.reason === "DeadlineExceeded" || (step.shape === "job-an-item" && timeLeft(draft, step) === 0);
  const failed = timedOut ? total - tally.succeeded : Math.max(tally.failed, item === undefined ? (job?.failedItems ?? 0) : 0, 1);
  const counts = step.shape === "single" ? {} : { items: { total, succeeded: tally.succeeded, failed } };
  if (timedOut) {
    return draft.end(step, "Failed", { ...counts, message: tookTooLong(step, tally.waitedFor ?? draft.entry(step.index)?.message) });
  }
  const pod = tally.failureOf(item);
  const reason = job === undefined ? "its Job was deleted" : (pod?.problem ?? job.failure?.message ?? "the Job failed");
  const at = pod?.item ?? item;
  const all = step.shape === "single" || (step.shape === "indexed" && job === undefined);
  draft.end(step, "Failed", {
    ...counts,
    message: all ? reason : `${failed} of ${total} items failed; ${at === undefined ? "" : `item ${at}: `}${reason}`,
  });
}

/** Why a step whose time is over failed, with what it waited for, if that is known. */
export function tookTooLong({ spec }: PlanStep, waited: string | undefined): string {
  return `took longer than its timeout of ${spec.timeout}${waited === undefined ? "" : `; ${waited}`}`;
}

function counted(step: PlanStep, { active, succeeded, failed }: Tally, total: number): Pick<StepStatus, "items"> {
  return step.shape === "single"
    ? {}
    : { items: { total, succeeded, ...(active > 0 ? { active } : {}), ...(failed > 0 ? { failed } : {}) } };
}
