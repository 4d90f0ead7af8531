import type { Creation } from "./decision.ts";
import type { Draft } from "./draft.ts";
import { toCel } from "./language/cel.ts";
import type { Hindrance } from "./hindrance.ts";
import { jobName } from "./names.ts";
import type { PlanStep } from "./plan/plan.ts";
import { renderIndexedJob, renderJob, type Rendering } from "./render.ts";
import type { Tally } from "./tally.ts";
import { TemplateError } from "./language/template.ts";

/**
 * Adds the Jobs that a started step lacks, as many as its parallelism allows, while it has time; what the tally shows is there already is left out.
 * False where an expression could not be evaluated: then the step has been failed.
 */
export function createJobs(draft: Draft, step: PlanStep, tally: Tally | undefined): boolean {
  const started = draft.started(step.index);
  if (started === undefined) throw new Error(`step ${step.name} has not been started`);
  if (draft.over || timeLeft(draft, step) === 0) return true;
  const { items } = started;
  const { run } = draft.control;
  let { next } = started;

  if (step.shape !== "job-an-item") {
    if (next > 0) return true;
    draft.setStarted(step.index, { items, next: items.length });
    if (tally?.has(jobName(run.name, step.name))) return true;
    return rendered(draft, step, (rendering) => [
      step.shape === "single"
        ? { configMaps: [], job: renderJob(rendering) }
        : renderIndexedJob(
            rendering,
            items.map((item, index) => withItem(rendering, item, index).variables),
          ),
    ]);
  }

  const limit = step.spec.parallelism ?? items.length;
  let running = next - (tally?.succeeded ?? 0) - (tally?.failed ?? 0);
  if (next >= items.length || running >= limit) return true;
  const given = rendered(draft, step, function* (rendering) {
    // All are rendered before the first is created, so that a mistake in any of them shows while nothing runs.
    const end = next === 0 ? items.length : Math.min(items.length, next + limit - running);
    for (let item = next; item < end; item += 1) {
      const job = renderJob(withItem(rendering, items[item], item), item);
      if (running >= limit) continue;
      next += 1;
      running += 1;
      if (!tally?.hasSucceeded(item) && !tally?.has(jobName(run.name, step.name, item))) yield { configMaps: [], job };
    }
  });
  draft.setStarted(step.index, { items, next });
  return given;
}

/** When a step's time is over, counted from its start, or from when that was tried first; milliseconds since 1970, Infinity for never. */
export function deadlineOf(draft: Draft, step: PlanStep): number {
  const { startedAt } = draft.entry(step.index) ?? {};
  return step.timeout === undefined || startedAt === undefined ? Infinity : Date.parse(startedAt) + step.timeout * 1000;
}

/** What is left of a step's time limit, in whole seconds: its Jobs may be created one after the other. Undefined without a limit. */
export function timeLeft(draft: Draft, step: PlanStep): number | undefined {
  const deadline = deadlineOf(draft, step);
  return deadline === Infinity ? step.timeout : Math.max(0, Math.ceil((deadline - draft.control.now) / 1000));
}

/** Whether a step's Jobs are to wait before their creation is tried again; then it is looked at when that is, or when the step's time is over. */
export function isHeld(draft: Draft, step: PlanStep, hindrance: Hindrance | undefined): boolean {
  if (hindrance === undefined || draft.control.now >= hindrance.retryAt) return false;
  draft.wake(Math.min(hindrance.retryAt, deadlineOf(draft, step)));
  return true;
}

function renderingOf(draft: Draft, step: PlanStep): Rendering {
  const templates = [step.image, step.script, ...(step.command ?? []), ...(step.args ?? []), ...step.env.map(({ value }) => value)];
  const variables = draft.variables(templates.flatMap((template) => template?.expressions ?? []));
  return { run: draft.control.run, plan: draft.plan, step, variables, timeout: timeLeft(draft, step) };
}

function withItem(rendering: Rendering, item: unknown, index: number): Rendering {
  return { ...rendering, variables: { ...rendering.variables, item: toCel(item), itemIndex: BigInt(index) } };
}

/** Adds what is rendered; fails the step and adds nothing where an expression has no value. */
function rendered(draft: Draft, step: PlanStep, render: (rendering: Rendering) => Iterable<Omit<Creation, "step">>): boolean {
  try {
    const creations = [...render(renderingOf(draft, step))];
    for (const creation of creations) draft.create.push({ step: step.index, ...creation });
    return true;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    draft.mistake(step, error.path, error.message);
    return false;
  }
}
