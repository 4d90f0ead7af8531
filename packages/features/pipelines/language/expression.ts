import { create } from "@bufbuild/protobuf";
import { ParsedExprSchema, type Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";
import { nearest } from "@plimsoll/api";
import { celError, isCelError, parse, plan, type CelInput, type CelResult } from "@bufbuild/cel";
import { messageOf } from "@plimsoll/kube/message";
import { fromCel } from "./cel.ts";
import { environment, functionNames, overloads } from "./environment.ts";
import { explained } from "./explained.ts";
import { functionElsewhere, macroForm } from "./elsewhere.ts";
import { Meter } from "./meter.ts";
import { metered } from "./metered.ts";
import { refusedIn } from "./syntax/refused.ts";
import { instrument } from "./syntax/instrumentation.ts";
import { closedParts, isClosed } from "./syntax/constants.ts";
import { hintAt, plainly } from "./syntax/hints.ts";
import { expandMacros } from "./syntax/macros.ts";
import { referencesIn, type References } from "./syntax/references.ts";
import { placeText, rewritten, type Rewritten } from "./syntax/rewritten.ts";
import { checkTypes } from "./syntax/checker.ts";
import { any, type Type } from "./syntax/types.ts";
import { WeakCache } from "./weak-cache.ts";

/** What an expression can name, by its first word. */
export type Variables = Readonly<Record<string, CelInput>>;

/** A CEL expression, parsed once. */
export interface Expression extends Pick<References, "variables" | "params" | "steps" | "runFields"> {
  readonly source: string;
  /**
   * What is known before it is evaluated, of variables of these types: what it gives, and what in it can't be worked out whatever they are.
   * Of one that names nothing: `value`, as JSON has it, or `unfit`, why JSON has none such.
   */
  readonly check: (types: Readonly<Record<string, Type>>) => { type: Type } & Constant;
  /** Gives the value as JSON has it. Throws an Error that says what was not there, or that the step has taken more than it may. */
  readonly evaluate: (variables: Variables, meter: Meter) => unknown;
}

/** Steps, pipelines and runs often say the same; an expression takes some 10 kB, and near a millisecond to parse. */
const cache = new WeakCache<Expression>();

/** What is evaluated before there is anything to evaluate with may take so much of what a step may: more items than a step can have. */
const constantsPart = 1 / 25;

/** Parses an expression; the same text gives the same object. Throws an Error that says what is wrong, and where. */
export function parseExpression(text: string): Expression {
  const trimmed = text.trim();
  const known = cache.get(trimmed);
  if (known !== undefined) return known;
  if (isEmpty(trimmed)) throw new Error("the expression is empty: write a value, as in params.name");
  // A copy: a part of a text holds the whole of it, which may be a long script.
  const source = Buffer.from(trimmed, "utf16le").toString("utf16le");
  const expression = compileExpression(source);
  cache.set(source, expression);
  return expression;
}

function compileExpression(source: string): Expression {
  const parsed = parseCel(source);
  const { variables, params, steps, runFields, functions, hasComputedStep } = referencesIn(parsed.expr);
  for (const name of functions) if (!functionNames.has(name)) throw new Error(`\`${shortened(source)}\`: ${unknownFunction(name)}`);
  if (hasComputedStep)
    throw new Error(
      `\`${source}\`: steps must be named one by one, as in steps.train or steps["train-all"], so that it is known which must have ended`,
    );
  if (parsed.expr) instrument(parsed.expr);
  const program = plan(environment, parsed);
  // Many steps say the same, and are looked at one after the other.
  let known: WeakRef<ReturnType<typeof parse>> | undefined;
  let constant: Constant | undefined;
  return {
    source,
    variables,
    params,
    steps,
    runFields,
    check: (types) => {
      const fresh = known?.deref() ?? parseCel(source);
      known = new WeakRef(fresh);
      const { expr } = fresh;
      if (expr === undefined) return { type: any, faults: [] };
      const { type, faults } = checkTypes(expr, types, overloads);
      return { type, faults, ...(faults.length > 0 ? {} : (constant ??= constantIn(source, expr))) };
    },
    evaluate(variables, meter) {
      const result = metered(meter, () => program(variables));
      if (isCelError(result)) throw new Error(`\`${shortened(source)}\`: ${explained(result.message, steps.size > 0)}`);
      return fromCel(result);
    },
  };
}

/** Parses it, with all macros expanded. */
function parseCel(source: string): ReturnType<typeof parse> {
  const parsed = parseText(source);
  if (parsed.expr) expandMacros(parsed.expr);
  return parsed;
}

function parseText(source: string): ReturnType<typeof parse> {
  const inSource = (what: string, cause?: unknown): Error => new Error(`\`${shortened(source)}\`: ${what}`, { cause });
  let text: Rewritten;
  try {
    text = rewritten(source);
  } catch (error) {
    throw inSource(messageOf(error), error);
  }
  try {
    return parse(text.text);
  } catch (error) {
    const refused = refusedIn(text.text, error);
    if (refused === undefined) throw inSource(explained(messageOf(error)), error);
    const { what, offset } = refused;
    throw inSource(`${plainly(what, text.text, offset)} (${placeText(text.place(offset))})${hintAt(text.text, offset)}`, error);
  }
}

/** What is known of an expression without any variable: what in it fails whatever it is evaluated with, as `1 / 0`; or its value, as JSON has it. */
interface Constant {
  faults: string[];
  value?: unknown;
  unfit?: string;
}

/** `checked`: the expression, not instrumented. */
function constantIn(source: string, checked: Expr): Constant {
  const isWhole = isClosed(checked);
  if (!isWhole && closedParts(checked).next().done === true) return { faults: [] };
  const { expr } = parseCel(source);
  if (expr === undefined) return { faults: [] };
  const meter = new Meter(constantsPart);
  const faults: string[] = [];
  for (const part of isWhole ? [expr] : closedParts(expr)) {
    instrument(part);
    let result: CelResult;
    try {
      result = metered(meter, () => plan(environment, create(ParsedExprSchema, { expr: part }))({}));
    } catch (error) {
      result = celError(error);
    }
    // What takes too much is no failure of its own.
    if (isCelError(result)) {
      if (meter.share <= constantsPart) faults.push(`it always fails: ${explained(result.message)}`);
    } else if (isWhole) {
      try {
        return { faults, value: fromCel(result) };
      } catch (error) {
        return { faults, unfit: messageOf(error) };
      }
    }
  }
  return { faults };
}

/** Whether there is nothing but blanks and comments. */
function isEmpty(text: string): boolean {
  return text.split("\n").every((line) => /^\s*(?:\/\/|$)/.test(line));
}

function unknownFunction(name: string): string {
  const form = macroForm(name);
  if (form !== undefined) return `${name}() ${form}`;
  const meant = functionElsewhere(name);
  if (meant !== undefined) return `there is no function "${name}": ${meant}`;
  const near = nearest(name, [...functionNames]);
  return `there is no function "${name}"${near === undefined ? ": what CEL can't do, a step's script can" : `; did you mean "${near}"?`}`;
}

/** Its first line: where it isn't closed, those that follow are no part of it. */
function shortened(source: string): string {
  const [line = ""] = source.split("\n", 1);
  return line.length < source.length || line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
