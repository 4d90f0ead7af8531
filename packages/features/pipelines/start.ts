import type { Observed } from "./decision.ts";
import { createJobs } from "./create.ts";
import type { Draft } from "./draft.ts";
import { explained, itemsOf, shown } from "./items.ts";
import { judge } from "./judge.ts";
import type { PlanStep } from "./plan.ts";

/** Considers a step when all that it needs has ended: skips it, fails it for a mistake, or starts it. */
export function start(draft: Draft, step: PlanStep, observed: Observed): void {
  const hindered = step.needs.find((need) => draft.entry(need)?.phase !== "Succeeded");
  if (step.condition === undefined && hindered !== undefined) {
    const phase = draft.entry(hindered)?.phase === "Skipped" ? "was skipped" : "failed";
    return draft.end(step, "Skipped", { message: `needs ${draft.step(hindered).name}, which ${phase}` });
  }
  if (step.condition !== undefined) {
    try {
      const value = step.condition.evaluate(draft.variables([step.condition]));
      if (typeof value !== "boolean") return draft.mistake(step, "if", `gives ${shown(value)}, not true or false`);
      if (!value) return draft.end(step, "Skipped", { message: "its condition is false" });
    } catch (error) {
      return draft.mistake(step, "if", explained(error));
    }
  }

  const items = itemsOf(draft, step);
  if (typeof items === "string") return draft.mistake(step, "forEach", items);
  if (items.length === 0) return draft.end(step, "Succeeded", { items: { total: 0 }, outputs: [] });

  const tally = observed.tally(step.name);
  // After a restart, what was done before stands in the cluster though not yet in the status.
  const startedAt = tally?.createdAt ?? draft.time();
  draft.run(step, { phase: "Running", startedAt, ...(step.shape === "single" ? {} : { items: { total: items.length } }) });
  draft.setStarted(step.index, { items, next: 0 });
  if (createJobs(draft, step, tally) && tally?.createdAt !== undefined) judge(draft, step.index, observed);
}
