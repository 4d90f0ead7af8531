import type { PlanStep } from "../plan/plan.ts";
import type { Draft } from "./draft.ts";

/** When a step's time is over, counted from its start; milliseconds since 1970, Infinity for never. */
export function deadlineOf(step: PlanStep, startedAt: string): number {
  return step.timeout === undefined ? Infinity : Date.parse(startedAt) + step.timeout * 1000;
}

/** What is left of a step's time limit, in whole seconds. Undefined without a limit. Asks for the step to be looked at when it is over. */
export function timeLeft(draft: Draft, step: PlanStep, startedAt: string): number | undefined {
  const deadline = deadlineOf(step, startedAt);
  if (deadline === Infinity) return undefined;
  if (deadline > draft.now) draft.wakeStep(step.index, deadline);
  return Math.max(0, Math.ceil((deadline - draft.now) / 1000));
}
