import { closest } from "@plimsoll/api";
import { variableElsewhere } from "./elsewhere.ts";
import type { Expression } from "./expression.ts";
import { int, listOf, object, oneOf, string, type Type } from "./syntax/types.ts";

/** What the expressions of a step may name. */
export interface Scope {
  params: ReadonlyMap<string, Type>;
  /** All steps of the pipeline, by name. */
  steps: ReadonlyMap<string, unknown>;
  /** Whether a step runs once for each item, so that its outputs are a list. */
  isFanned: (step: string) => boolean;
  /** Whether the one of that name has ended whenever this step begins, as the step needs it, directly or through others. */
  reachable: (step: string) => boolean;
  /** Whether it is a step of `finally`, which knows the run's outcome. Default: false. */
  inFinally?: boolean;
}

const outcomes = ["Succeeded", "Failed", "Cancelled"];
/** The phases of what has ended: an expression sees no others. Once a step is cancelled, only those of finally begin. */
const ended = ["Succeeded", "Failed", "Skipped"];

/** What is wrong with a name in an expression, and the fields of the pipeline or the step by which it is. */
export interface NameFault {
  message: string;
  by: readonly string[];
}

/** What is wrong with the names in an expression; `hasItem`: whether it is evaluated once for each item. */
export function* unknownNames(expression: Expression, scope: Scope, hasItem: boolean): Generator<NameFault> {
  const variables = ["params", "steps", "run", ...(hasItem ? ["item", "itemIndex"] : [])];
  for (const variable of expression.variables) {
    if (variables.includes(variable)) continue;
    if (variable === "item" || variable === "itemIndex")
      yield {
        message: `${variable} is known only in the script, command, args, env, image, manifest, spark and resources.auto.key of a step with forEach`,
        by: ["forEach"],
      };
    else {
      const meant = variableElsewhere(variable);
      const advice = meant === undefined ? (dashed(expression.source, variable) ?? closest(variable, variables)) : `: ${meant}`;
      yield { message: `there is no "${variable}"${advice}`, by: [] };
    }
  }
  for (const param of expression.params) {
    if (!scope.params.has(param))
      yield { message: `there is no parameter "${param}"${closest(param, [...scope.params.keys()])}`, by: ["params"] };
  }
  for (const step of expression.steps) {
    if (!scope.steps.has(step)) yield { message: `there is no step "${step}"${closest(step, [...scope.steps.keys()])}`, by: ["name"] };
    else if (!scope.reachable(step))
      yield { message: `the step doesn't need "${step}", so that it may not have ended: add it to needs`, by: ["needs"] };
  }
  const runFields = ["name", "namespace", "uid", ...(scope.inFinally ? ["outcome"] : [])];
  for (const field of expression.runFields) {
    if (runFields.includes(field)) continue;
    if (field === "outcome") yield { message: "run.outcome is known only in the steps of finally", by: [] };
    else yield { message: `run has no "${field}"${closest(field, runFields)}`, by: [] };
  }
}

/** What to write for a name with a dash, the end of which is taken for a variable. */
function dashed(source: string, variable: string): string | undefined {
  const [, before, name] = new RegExp(`([\\w.]+)\\.(\\w+(?:-\\w+)*-${variable}(?:-\\w+)*)\\b`).exec(source) ?? [];
  return name === undefined ? undefined : `: a name with a dash stands in brackets, as in ${before}["${name}"]`;
}

/** The types of what an expression names. `item`: that of the items, where there are some. */
export function typesFor(expression: Expression, { params, isFanned, inFinally = false }: Scope, item?: Type): Record<string, Type> {
  const phase = inFinally ? oneOf("a step's phase", [...ended, "Cancelled"]) : oneOf("a step's phase outside of finally", ended);
  const steps = [...expression.steps].map((name) => {
    const outputs: Type = { is: "map", of: string, noun: "outputs" };
    return [name, object("a step", { phase, outputs: isFanned(name) ? listOf(outputs) : outputs })] as const;
  });
  return {
    params: object("the pipeline's params", Object.fromEntries(params)),
    steps: object("the pipeline's steps", Object.fromEntries(steps)),
    run: object("run", {
      name: string,
      namespace: string,
      uid: string,
      ...(inFinally ? { outcome: oneOf("a run's outcome", outcomes) } : {}),
    }),
    ...(item === undefined ? {} : { item, itemIndex: int }),
  };
}
