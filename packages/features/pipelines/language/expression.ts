import { create } from "@bufbuild/protobuf";
import { ParsedExprSchema, type Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";
import { closest } from "@plimsoll/api";
import { isCelError, parse, plan, type CelInput } from "@bufbuild/cel";
import { messageOf } from "@plimsoll/kube/message";
import { fromCel } from "./cel.ts";
import { environment, functionNames, overloads } from "./environment.ts";
import { functionElsewhere, macroForm } from "./elsewhere.ts";
import { Meter } from "./meter.ts";
import { metered } from "./metered.ts";
import { instrument } from "./syntax/instrumentation.ts";
import { closedParts } from "./syntax/constants.ts";
import { hintAt, plainly } from "./syntax/hints.ts";
import { expandMacros } from "./syntax/macros.ts";
import { referencesIn, type References } from "./syntax/references.ts";
import { rewritten, type Rewritten } from "./syntax/rewritten.ts";
import { checkTypes } from "./syntax/checker.ts";
import { any, type Type } from "./syntax/types.ts";
import { WeakCache } from "./weak-cache.ts";

/** What an expression can name, by its first word. */
export type Variables = Readonly<Record<string, CelInput>>;

/** A CEL expression, parsed once. */
export interface Expression extends Pick<References, "variables" | "params" | "steps" | "runFields"> {
  readonly source: string;
  /** What is known before it is evaluated, of variables of these types: what it gives, and what in it can't be worked out whatever they are. */
  readonly check: (types: Readonly<Record<string, Type>>) => { type: Type; faults: string[] };
  /** Gives the value as JSON has it. Throws an Error that says what was not there, or that the step has taken more than it may. */
  readonly evaluate: (variables: Variables, meter: Meter) => unknown;
}

/** Steps, pipelines and runs often say the same; an expression takes some 10 kB, and near a millisecond to parse. */
const cache = new WeakCache<Expression>();

/** What is evaluated before there is anything to evaluate with may take so much of what a step may. */
const constantsPart = 1 / 50;

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
  let failing: string[] | undefined;
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
      return { type, faults: faults.length > 0 ? faults : (failing ??= isPartlyClosed(expr) ? failuresIn(source) : []) };
    },
    evaluate(variables, meter) {
      const result = metered(meter, () => program(variables));
      if (isCelError(result)) throw new Error(`\`${shortened(source)}\`: ${explained(result.message, steps)}`);
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
    const message = messageOf(error);
    const [, line, column, what = ""] = /<input>:(\d+):(\d+): (.*)/s.exec(message) ?? [];
    if (column === undefined) throw inSource(message, error);
    const before = text.text.split("\n").slice(0, Number(line) - 1);
    const offset = before.reduce((all, one) => all + one.length + 1, 0) + Number(column) - 1;
    const place = text.place(offset);
    const where = `(at character ${place.character}${place.line === 1 ? "" : ` of line ${place.line}`})`;
    throw inSource(`${plainly(what)} ${where}${hintAt(text.text, offset)}`, error);
  }
}

function isPartlyClosed(expr: Expr): boolean {
  return closedParts(expr).next().done !== true;
}

/** What in an expression fails whatever it is evaluated with, as `1 / 0`. */
function failuresIn(source: string): string[] {
  const parsed = parseCel(source);
  if (parsed.expr === undefined) return [];
  const meter = new Meter(constantsPart);
  return [...closedParts(parsed.expr)].flatMap((part) => {
    instrument(part);
    try {
      const result = metered(meter, () => plan(environment, create(ParsedExprSchema, { expr: part }))({}));
      // What takes too much is no failure of its own.
      return isCelError(result) && meter.share <= constantsPart ? [`it always fails: ${explained(result.message, new Set())}`] : [];
    } catch (error) {
      return meter.share <= constantsPart ? [`it always fails: ${messageOf(error)}`] : [];
    }
  });
}

/** Whether there is nothing but blanks and comments. */
function isEmpty(text: string): boolean {
  return text.split("\n").every((line) => /^\s*(?:\/\/|$)/.test(line));
}

function unknownFunction(name: string): string {
  const form = macroForm(name);
  if (form !== undefined) return `${name}() ${form}`;
  const meant = functionElsewhere(name);
  return `there is no function "${name}"${meant === undefined ? closest(name, [...functionNames]) : `: ${meant}`}`;
}

/** An error of evaluation as the expression's author needs it, given the steps that the expression names. */
function explained(message: string, steps: Expression["steps"]): string {
  const [, missing] = /field not found: (.*)/s.exec(message) ?? [];
  if (missing === undefined)
    return message.replace(/^<input>:\d+:\d+: /, "").replace(/^index (\S+) out of bounds.*/, "there is no entry $1 in the list");
  return `there is no "${missing}"${steps.size > 0 ? "; a step must write each output that others use to $PLIMSOLL_OUTPUTS" : ""}`;
}

/** Its first line: where it isn't closed, those that follow are no part of it. */
function shortened(source: string): string {
  const [line = ""] = source.split("\n", 1);
  return line.length < source.length || line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
