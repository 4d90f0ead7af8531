import { messageOf } from "@plimsoll/kube/message";
import type { PlanStep } from "../plan/plan.ts";
import type { Draft } from "./draft.ts";
import { excerpt } from "../language/items.ts";
import { itemsOf } from "./items.ts";
import { judge } from "./judge.ts";
import { isSatisfied } from "./progress.ts";

/** Considers a step when all that it needs has ended: skips it, fails it for a mistake, or starts it. */
export function start(draft: Draft, step: PlanStep): void {
  const refusal = refusalOf(draft, step);
  if (refusal?.phase === "Skipped") return draft.finish(step, "Skipped", { message: refusal.message });
  if (refusal !== undefined) return draft.mistake(step, ["if"], refusal.message);

  const items = itemsOf(draft, step);
  if (typeof items === "string") return draft.mistake(step, ["forEach"], items);
  if (items.length === 0) return draft.finish(step, "Succeeded", { items: { total: 0 }, outputs: [] });
  // After a restart, what was done before stands in the cluster though not yet in the status.
  draft.begin(step, draft.observed.pods(step.index)?.firstCreated ?? draft.time, items);
  judge(draft, step.index);
}

/**
 * Why a step isn't to run, if so. A step is skipped when one that it needs has not succeeded; given an `if`, that decides instead,
 * and can look at the phases of the steps before. Where then the `if` has no value, as the failed step left no outputs, the step is skipped.
 */
function refusalOf(draft: Draft, step: PlanStep): { phase: "Skipped" | "Failed"; message: string } | undefined {
  const unmet = step.needs.find((need) => !isSatisfied(draft.step(need), draft.endedOf(need)));
  const skip =
    unmet === undefined
      ? undefined
      : {
          phase: "Skipped" as const,
          message: `needs ${draft.step(unmet).name}, which ${{ Failed: "failed", Skipped: "was skipped", Cancelled: "was cancelled" }[draft.endedOf(unmet)?.phase as string] ?? "did not run"}`,
        };
  const { condition } = step.templates();
  if (condition === undefined) return skip;
  try {
    const value = condition.evaluate(draft.variables(step, [condition]), draft.meter(step));
    if (typeof value !== "boolean") return { phase: "Failed", message: `gives ${excerpt(value)}, not true or false` };
    return value ? undefined : { phase: "Skipped", message: "its condition is false" };
  } catch (error) {
    return skip ?? { phase: "Failed", message: messageOf(error) };
  }
}
