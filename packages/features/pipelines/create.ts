import type { Creation } from "./decision.ts";
import type { Draft } from "./draft.ts";
import { toCel } from "./cel.ts";
import { explained } from "./items.ts";
import { jobName } from "./names.ts";
import type { PlanStep } from "./plan.ts";
import { renderIndexedJob, renderJob, type Rendering } from "./render.ts";
import type { Tally } from "./tally.ts";

/**
 * Adds the Jobs that a started step lacks, as many as its parallelism allows; what the tally shows is there already is left out.
 * False where an expression could not be evaluated: then the step has been failed.
 */
export function createJobs(draft: Draft, step: PlanStep, tally: Tally | undefined): boolean {
  const started = draft.started(step.index);
  if (started === undefined) throw new Error(`step ${step.name} has not been started`);
  const { items } = started;
  const { run } = draft.control;
  const expressions = [step.image, step.script, ...(step.command ?? []), ...(step.args ?? []), ...step.env.map(({ value }) => value)].flatMap((template) => template?.expressions ?? []);
  const variables = draft.variables(expressions);
  const rendering = (item?: number): Rendering => ({
    run,
    plan: draft.plan,
    step,
    variables: item === undefined ? variables : { ...variables, item: toCel(items[item]), itemIndex: BigInt(item) },
  });
  const add = (render: () => Omit<Creation, "step">): boolean => {
    try {
      draft.create.push({ step: step.index, ...render() });
      return true;
    } catch (error) {
      draft.mistake(step, "expressions", explained(error));
      return false;
    }
  };

  if (step.shape !== "job-an-item") {
    draft.setStarted(step.index, { items, next: items.length });
    if (tally?.has(jobName(run.name, step.name))) return true;
    return add(() => (step.shape === "single" ? { configMaps: [], job: renderJob(rendering()) } : renderIndexedJob(rendering(), items.map((_, item) => rendering(item).variables))));
  }

  const limit = step.spec.parallelism ?? items.length;
  let { next } = started;
  let running = next - (tally?.succeeded ?? 0) - (tally?.failed ?? 0);
  for (; next < items.length && running < limit; next += 1) {
    const item = next;
    const there = tally?.has(jobName(run.name, step.name, item)) ?? false;
    if (!there && !add(() => ({ configMaps: [], job: renderJob(rendering(item), item) }))) return false;
    running += 1;
  }
  draft.setStarted(step.index, { items, next });
  return true;
}
