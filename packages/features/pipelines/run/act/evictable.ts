import { conditionOf, type Condition, type PipelineRun } from "@plimsoll/api";
import { hindranceOf, type Budget, type Hindrance } from "@plimsoll/model";
import type { Plan, PlanStep } from "../../plan/plan.ts";
import { labels } from "../../step/labels.ts";
import { labelsOf } from "../../step/pod/metadata.ts";

/** The condition of this type tells whether the run's pods can be evicted, as a drain of their node does. */
export const evictable = "DisruptionAllowed";

/** Whether budgets of the run's namespace keep its pods from ever being evicted: a run has no scale by which they could be counted. */
export function evictableBy(budgets: readonly Budget[], run: Pick<PipelineRun, "metadata">, plan: Plan, now: number): Condition {
  const held = plan.steps.flatMap((step) => {
    // What a manifest makes has pods of its own controller.
    if (step.spec.image === undefined) return [];
    const hindrance = budgets.length > 0 ? hindranceOf(budgets, labelsOf(run.metadata, plan, step)) : undefined;
    return hindrance === undefined ? [] : [{ step, hindrance }];
  });
  const [first] = held;
  return conditionOf(
    run,
    now,
    first === undefined
      ? { type: evictable, status: "True", reason: "NoHindrance", message: "no PodDisruptionBudget keeps all pods from being evicted" }
      : {
          type: evictable,
          status: "False",
          reason: "PodDisruptionBudget",
          message: messageOf(
            first.hindrance,
            held.map(({ step }) => step),
          ),
        },
  );
}

function messageOf(hindrance: Hindrance, [first, ...others]: readonly PlanStep[]): string {
  const pods = `the pods of step ${first?.name}${others.length > 0 ? ` (and of ${others.length} more)` : ""}`;
  const leaveOut = `have selectors leave out what has the label ${labels.runUid} (operator: DoesNotExist)`;
  if (hindrance.kind === "many") {
    const names = hindrance.budgets.map(({ name }) => `"${name}"`).join(", ");
    return `more than one PodDisruptionBudget selects ${pods}: ${names}; Kubernetes evicts no pod of several, so that its node can't be drained while it runs: ${leaveOut}`;
  }
  const { name, limit } = hindrance.budget;
  return `the PodDisruptionBudget "${name}" (${limit}) selects ${pods}; Kubernetes can't tell how many pods a run should have, so that it lets none be evicted, and their nodes can't be drained while they run: ${leaveOut}, or give minAvailable as a whole number`;
}
