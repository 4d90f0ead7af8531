import { toCel } from "../language/cel.ts";
import type { Expression, Variables } from "../language/expression.ts";
import { TemplateError } from "../language/template.ts";
import type { PlanStep } from "../plan/plan.ts";
import { kindOf, nameOf, objectKindOf } from "../step/kinds.ts";
import type { Creation, StepChange } from "./decision.ts";
import { timeLeft } from "./deadline.ts";
import type { Draft } from "./draft.ts";
import { givenFor, workOf } from "./size.ts";
import type { StepProgress } from "./step-progress.ts";

/** So many tries of a step may be without a node: more would fill the scheduler's queue and etcd, and begin no sooner. */
const window = 200;

/** So many bytes of what has ended unrecorded a pod carries; more is written to the status before. */
const longestRecord = 8 * 1024;

/** So many items are checked in one decision. */
const slice = 500;

/** Adds the tries that a step lacks, as many as its parallelism and the window allow. Fails the step where an expression has no value. */
export function createTries(draft: Draft, step: PlanStep, progress: StepProgress, change: StepChange): void {
  const blocked = draft.observed.blocked(step.index);
  if (blocked !== undefined && draft.now < blocked.retryAt) return draft.wakeStep(step.index, blocked.retryAt);
  try {
    if (!checkItems(draft, step, progress, change)) return;
    let variables: Variables | undefined;
    for (const { item, number } of candidates(draft, step, progress, change)) {
      if ((draft.recordText?.length ?? 0) > longestRecord) {
        draft.record = true;
        return;
      }
      if (!draft.hasRoom()) return draft.wakeStep(step.index, draft.now);
      variables ??= variablesFor(draft, step);
      draft.create.push(creationOf(draft, step, progress, change, { item, number, variables }));
    }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    draft.mistake(step, error.path, error.message);
  }
}

/** The tries that may be made now: those that are due again, then those of items that have not begun. */
function* candidates(
  draft: Draft,
  step: PlanStep,
  progress: StepProgress,
  change: StepChange,
): Generator<{ item: number; number: number }> {
  const pods = draft.observed.pods(step.index);
  let room = Math.min((step.spec.parallelism ?? Infinity) - (pods?.activeCount ?? 0), window - (pods?.unplaced ?? 0));
  const isThere = (item: number, number: number): boolean => (pods?.latest(item)?.try ?? 0) >= number;

  let next = Math.min(progress.earliestRetry, ...Iterator.from(change.retries.values()).map(({ retryAt = Infinity }) => retryAt));
  if (next <= draft.now) {
    const due: { item: number; tries: number }[] = [];
    next = Infinity;
    for (const [item, { tries, retryAt = Infinity }] of new Map([...progress.retries, ...change.retries])) {
      if (change.failed.has(item) || change.succeeded.has(item)) continue;
      if (retryAt <= draft.now) due.push({ item, tries });
      else next = Math.min(next, retryAt);
    }
    draft.wakeStep(step.index, next);
    for (const { item, tries } of due) {
      if (isThere(item, tries + 1)) continue;
      if (room <= 0) return;
      // What the last try came to has to stand in the status before.
      if (tries > 0 && (!progress.isRecorded || change.retries.has(item))) draft.record = true;
      else {
        room -= 1;
        yield { item, number: tries + 1 };
      }
    }
  } else draft.wakeStep(step.index, next);

  const total = change.items?.length ?? progress.total;
  for (let item = progress.begun; item < total && room > 0; item += 1) {
    if (isThere(item, 1)) continue;
    room -= 1;
    yield { item, number: 1 };
  }
}

/** Looks whether all items can be rendered, some at a time, so that a mistake in any of them shows while nothing runs. False: not done yet. */
function checkItems(draft: Draft, step: PlanStep, progress: StepProgress, change: StepChange): boolean {
  const items = change.items ?? progress.items ?? [];
  if (!step.fanned || progress.begun > 0 || !step.templates().namesItem) return true;
  const end = Math.min(items.length, progress.checked + slice);
  const meter = draft.meter(step);
  const variables = variablesFor(draft, step);
  for (let item = progress.checked; item < end; item += 1) {
    const own = withItem(variables, items[item], item);
    for (const template of step.templates().rendered) template.render(own, meter);
    workOf(step, own, meter);
  }
  change.checked = end;
  if (end === items.length) return true;
  draft.wakeStep(step.index, draft.now);
  return false;
}

function creationOf(
  draft: Draft,
  step: PlanStep,
  progress: StepProgress,
  change: StepChange,
  { item, number, variables }: { item: number; number: number; variables: Variables },
): Creation {
  const items = change.items ?? progress.items ?? [];
  const retry = change.retries.get(item) ?? progress.retries.get(item);
  const value = items[item];
  const own = step.fanned ? withItem(variables, value, item) : variables;
  const object = kindOf(step.spec).object({
    run: draft.control.run,
    plan: draft.plan,
    step,
    variables: own,
    meter: draft.meter(step),
    ...(step.fanned ? { item: { index: item, value } } : {}),
    try: number,
    name: nameOf(draft.control.run.name, step, item, number),
    deadline: timeLeft(draft, step, progress.startedAt),
    record: draft.recordText,
    memory: (step.spec.retry?.memoryFactor ?? 1) ** (retry?.outOfMemory ?? 0),
    given: givenFor(draft, step, own, retry),
  });
  const kind = objectKindOf(step.spec);
  return { step: step.index, item, try: number, object, ...(kind === undefined ? {} : { kind }) };
}

function variablesFor(draft: Draft, step: PlanStep): Variables {
  const { rendered, size } = step.templates();
  const expressions: Expression[] = rendered.flatMap((template) => [...template.expressions]);
  return draft.variables(step, size === undefined ? expressions : [...expressions, size]);
}

function withItem(variables: Variables, value: unknown, index: number): Variables {
  return { ...variables, item: toCel(value), itemIndex: BigInt(index) };
}
