import { variablesOf } from "../../decide/variables.ts";
import { toCel } from "../../language/cel.ts";
import type { Expression, Variables } from "../../language/expression.ts";
import { Meter } from "../../language/meter.ts";
import { TemplateError } from "../../language/template.ts";
import type { Plan, PlanStep } from "../../plan/plan.ts";
import { nameOf } from "../../step/kinds.ts";
import type { RunIdentity } from "../../step/labels.ts";
import { renderObject } from "../../step/manifest/object.ts";
import type { StepObject } from "../../step/manifest/stored.ts";

/**
 * The objects of a step's first tries, at most so many of its items': as they will be, where all that is in them is known before the run
 * has started. What waits for other steps' outputs isn't among them, and neither is what can't be made: that is told when the step starts.
 */
export function* knownObjects(step: PlanStep, plan: Plan, run: RunIdentity, most: number): Generator<StepObject> {
  const { manifest, items, namesItem } = step.templates();
  const expressions = manifest?.texts.flatMap((text) => [...text.expressions]) ?? [];
  if (manifest === undefined || expressions.some(isLater)) return;
  const variables = variablesOf({ plan, control: { run }, progress: { outcome: undefined }, outputsOf: () => undefined }, step, []);
  const meter = new Meter();
  for (const [index, value] of knownItems(items, variables, meter)
    .slice(0, namesItem ? most : 1)
    .entries()) {
    const item = step.fanned ? { item: { index, value } } : {};
    const own = step.fanned ? { ...variables, item: toCel(value), itemIndex: BigInt(index) } : variables;
    try {
      yield renderObject({ run, step, ...item, try: 1, name: nameOf(run.name, step, index, 1), record: undefined, variables: own, meter });
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
    }
  }
}

function knownItems(items: readonly unknown[] | Expression | undefined, variables: Variables, meter: Meter): readonly unknown[] {
  if (items === undefined) return [undefined];
  if (!("evaluate" in items)) return items;
  if (isLater(items)) return [];
  let value: unknown;
  try {
    value = items.evaluate(variables, meter);
    if (typeof value === "string") value = JSON.parse(value) as unknown;
  } catch {
    return [];
  }
  return Array.isArray(value) ? value : [];
}

/** Whether what an expression names is there only when other steps have ended. */
function isLater({ steps, runFields }: Pick<Expression, "steps" | "runFields">): boolean {
  return steps.size > 0 || runFields.has("outcome");
}
