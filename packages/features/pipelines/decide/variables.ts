import type { CelInput } from "@bufbuild/cel";
import { toCel } from "../language/cel.ts";
import type { Expression, Variables } from "../language/expression.ts";
import type { Plan, PlanStep } from "../plan/plan.ts";
import type { Control, End } from "./decision.ts";
import type { Ended } from "./progress.ts";

/** A fan-out's outputs may be long, and its dependents many. */
const converted = new WeakMap<object, CelInput>();

function outputsFor(outputs: object | undefined, { fanned }: PlanStep): CelInput {
  if (outputs === undefined) return fanned ? [] : new Map();
  const known = converted.get(outputs) ?? toCel(outputs);
  converted.set(outputs, known);
  return known;
}

/** What variables are made of. */
interface Known {
  plan: Plan;
  control: Pick<Control, "run">;
  progress: { outcome: End | undefined };
  /** What a step wrote; undefined for one that has no part in it. */
  outputsOf: (step: number) => { phase: string; outputs: Ended["outputs"] } | undefined;
}

/** What a step's expressions see: parameters, the run, and those steps that they name. */
export function variablesOf(known: Known, own: PlanStep, expressions: Iterable<Expression>): Variables {
  const { params, steps, byName } = known.plan;
  const names = new Set<string>();
  for (const expression of expressions) for (const name of expression.steps) names.add(name);
  const seen = new Map<string, CelInput>();
  for (const name of names) {
    const step = steps[byName.get(name) ?? -1];
    const found = step && known.outputsOf(step.index);
    if (step !== undefined && found !== undefined)
      seen.set(
        name,
        new Map<string, CelInput>([
          ["phase", found.phase],
          ["outputs", outputsFor(found.outputs, step)],
        ]),
      );
  }
  const { name, namespace, uid } = known.control.run;
  const run = new Map<string, CelInput>([
    ["name", name],
    ["namespace", namespace],
    ["uid", uid],
  ]);
  const { outcome } = known.progress;
  if (own.isFinal && outcome !== undefined) run.set("outcome", outcome.phase);
  return { params, run, steps: seen };
}
