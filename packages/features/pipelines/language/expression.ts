import { closest } from "@plimsoll/api";
import { isCelError, parse, plan, type CelInput, type CelResult } from "@bufbuild/cel";
import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";
import { messageOf } from "@plimsoll/kube";
import { fromCel } from "./cel.ts";
import { environment, functionNames } from "./environment.ts";
import type { Meter } from "./meter.ts";
import { children, meterAll } from "./metered.ts";

/** What an expression can name, by its first word. */
export type Variables = Readonly<Record<string, CelInput>>;

/** A CEL expression, parsed once for each text. */
export interface Expression {
  source: string;
  /** The variables that it names: `params`, `steps`, `item`, …. */
  variables: ReadonlySet<string>;
  /** The parameters that it names; computed names, as in `params[x]`, are not among them. */
  params: ReadonlySet<string>;
  /** The steps that it names. */
  steps: ReadonlySet<string>;
  /** What it names of the run. */
  run: ReadonlySet<string>;
  /** Gives the value as JSON has it, and charges the meter. Throws an Error that says what was not there. */
  evaluate: (variables: Variables, meter: Meter) => unknown;
}

/** Expressions by their text, as long as anybody holds them: the same stand in many steps and runs. */
const known = new Map<string, WeakRef<Expression>>();
const gone = new FinalizationRegistry<string>((text) => {
  if (known.get(text)?.deref() === undefined) known.delete(text);
});

/** Parses an expression. Throws an Error that says what is wrong, and where. */
export function parseExpression(source: string): Expression {
  const text = source.trim();
  const found = known.get(text)?.deref();
  if (found !== undefined) return found;
  const expression = compiled(text);
  known.set(text, new WeakRef(expression));
  gone.register(expression, text);
  return expression;
}

function compiled(text: string): Expression {
  if (text === "") throw new Error("the expression is empty");
  const parsed = parsedOrExplained(text);
  const found: Found = {
    variables: new Set(),
    params: new Set(),
    steps: new Set(),
    run: new Set(),
    functions: new Set(),
    computedStep: false,
  };
  collect(parsed.expr, new Set(), found);
  const { computedStep, functions, ...names } = found;
  for (const name of functions)
    if (!functionNames.has(name)) throw new Error(`\`${text}\`: there is no function "${name}"${closest(name, [...functionNames])}`);
  if (computedStep)
    throw new Error(
      `\`${text}\`: steps must be named one by one, as in steps.train or steps["train-all"], so that it is known which must have ended`,
    );
  if (parsed.expr) meterAll(parsed.expr);
  const run = plan(environment, parsed);
  return {
    source: text,
    ...names,
    evaluate(variables, meter) {
      const result: CelResult = meter.charge(() => run(variables));
      if (isCelError(result)) throw new Error(`\`${shortened(text)}\`: ${explained(result.message, names)}`);
      return fromCel(result);
    },
  };
}

function parsedOrExplained(text: string): ReturnType<typeof parse> {
  try {
    return parse(text);
  } catch (error) {
    const message = messageOf(error);
    const [, line, column, what] = /<input>:(\d+):(\d+): (.*)/s.exec(message) ?? [];
    throw new Error(
      column === undefined ? message : `\`${shortened(text)}\`: ${what} (at character ${column}${line === "1" ? "" : ` of line ${line}`})`,
      { cause: error },
    );
  }
}

/** What an error of evaluation tells the expression's author. */
function explained(message: string, { steps }: Pick<Expression, "steps">): string {
  const [, missing] = /field not found: (.*)/s.exec(message) ?? [];
  if (missing === undefined) return message.replace(/^<input>:\d+:\d+: /, "");
  return `there is no "${missing}"${steps.size > 0 ? "; a step must write each output that others use to $PLIMSOLL_OUTPUTS" : ""}`;
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

interface Found {
  variables: Set<string>;
  params: Set<string>;
  steps: Set<string>;
  run: Set<string>;
  functions: Set<string>;
  /** Whether it names steps in a way that only its evaluation tells. */
  computedStep: boolean;
}

/** Collects what an expression names; `bound` are the variables of the macros around it, as `o` in `exists(o, …)`. */
function collect(expr: Expr | undefined, bound: ReadonlySet<string>, found: Found): void {
  const kind = expr?.exprKind;
  switch (kind?.case) {
    case "identExpr":
      if (bound.has(kind.value.name)) return;
      found.variables.add(kind.value.name);
      found.computedStep ||= kind.value.name === "steps";
      return;
    case "selectExpr":
      if (!noteField(kind.value.operand, kind.value.field, bound, found)) collect(kind.value.operand, bound, found);
      return;
    case "callExpr": {
      const [operand, index] = kind.value.args;
      const constant = index?.exprKind.case === "constExpr" ? index.exprKind.value.constantKind : undefined;
      if (kind.value.function === "_[_]" && constant?.case === "stringValue" && noteField(operand, constant.value, bound, found)) return;
      if (/^[a-z]/i.test(kind.value.function)) found.functions.add(kind.value.function);
      if (expr !== undefined) for (const child of children(expr)) collect(child, bound, found);
      return;
    }
    case "comprehensionExpr": {
      const { iterVar, iterVar2, accuVar, iterRange, accuInit, loopCondition, loopStep, result } = kind.value;
      collect(iterRange, bound, found);
      collect(accuInit, bound, found);
      const inner = new Set([...bound, iterVar, iterVar2, accuVar]);
      for (const part of [loopCondition, loopStep, result]) collect(part, inner, found);
      return;
    }
    default:
      if (expr !== undefined) for (const child of children(expr)) collect(child, bound, found);
  }
}

/** Notes `params.field`, `steps.field` or `run.field`; tells whether it was one of these. */
function noteField(operand: Expr | undefined, field: string, bound: ReadonlySet<string>, found: Found): boolean {
  if (operand?.exprKind.case !== "identExpr" || bound.has(operand.exprKind.value.name)) return false;
  const { name } = operand.exprKind.value;
  if (name !== "params" && name !== "steps" && name !== "run") return false;
  found.variables.add(name);
  found[name].add(field);
  return true;
}
