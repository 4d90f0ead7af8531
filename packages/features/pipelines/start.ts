import { messageOf } from "@plimsoll/kube";
import type { Observed } from "./decision.ts";
import { createJobs, deadlineOf, isHeld } from "./create.ts";
import type { Draft } from "./draft.ts";
import { itemsOf, shown } from "./items.ts";
import { judge, tookTooLong } from "./judge.ts";
import type { PlanStep } from "./plan/plan.ts";

/** Considers a step when all that it needs has ended: skips it, fails it for a mistake, or starts it. */
export function start(draft: Draft, step: PlanStep, observed: Observed): void {
  const tally = observed.tally(step.name);
  const hasBegun = tally?.createdAt !== undefined;
  if (draft.over && !hasBegun) return;
  const hindrance = hasBegun ? undefined : observed.hindrance(step.index);
  if (!hasBegun && draft.control.now >= deadlineOf(draft, step))
    return draft.end(step, "Failed", { message: tookTooLong(step, hindrance?.message) });
  if (isHeld(draft, step, hindrance)) return;

  const refusal = refusalOf(draft, step);
  if (refusal?.phase === "Skipped") return draft.end(step, "Skipped", { message: refusal.message });
  if (refusal !== undefined) return draft.mistake(step, ["if"], refusal.message);

  const items = itemsOf(draft, step);
  if (typeof items === "string") return draft.mistake(step, ["forEach"], items);
  if (items.length === 0) return draft.end(step, "Succeeded", { items: { total: 0 }, outputs: [] });

  // After a restart, what was done before stands in the cluster though not yet in the status.
  const startedAt = draft.entry(step.index)?.startedAt ?? tally?.createdAt ?? draft.time();
  draft.run(step, { phase: "Running", startedAt, ...(step.shape === "single" ? {} : { items: { total: items.length } }) });
  draft.setStarted(step.index, { items, next: 0 });
  if (createJobs(draft, step, tally) && hasBegun) judge(draft, step.index, observed);
}

/**
 * Why a step isn't to run, if so. A step is skipped when one that it needs has not succeeded; given an `if`, that decides instead,
 * and can look at the phases of the steps before. Where then the `if` has no value, as the failed step left no outputs, the step is skipped.
 */
function refusalOf(draft: Draft, step: PlanStep): { phase: "Skipped" | "Failed"; message: string } | undefined {
  const unmet = step.needs.find((need) => draft.entry(need)?.phase !== "Succeeded");
  const skip =
    unmet === undefined
      ? undefined
      : {
          phase: "Skipped" as const,
          message: `needs ${draft.step(unmet).name}, which ${draft.entry(unmet)?.phase === "Skipped" ? "was skipped" : "failed"}`,
        };
  if (step.condition === undefined) return skip;
  try {
    const value = step.condition.evaluate(draft.variables([step.condition]));
    if (typeof value !== "boolean") return { phase: "Failed", message: `gives ${shown(value)}, not true or false` };
    return value ? undefined : { phase: "Skipped", message: "its condition is false" };
  } catch (error) {
    return skip ?? { phase: "Failed", message: messageOf(error) };
  }
}
