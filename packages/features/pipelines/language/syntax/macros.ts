import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";
import { hasFunction, mapFunction as mapOfPairs, pairsFunction, sortFunction, unionFunction } from "../functions/lists.ts";
import { indexFunction, listFunction, mapFunction as mapOfOptionals, selectFunction, valuesFunction } from "../functions/optionals.ts";
import { built, callOf, substitute, textOf } from "./build.ts";
import { optionalField, optionalFunction } from "./rewritten.ts";
import { children } from "./syntax-tree.ts";

/*
 * The macros that Kubernetes' CEL has and the library doesn't: those with two variables, sortBy, optional values; and `has`, for which a field
 * that holds null is there. Each is written with the library's own. Expressions are changed.
 */

/** Macros with two variables: what each is, of `__range`, a variable `__pair` and bodies. */
const withTwo: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  all: { 3: "__range.all(__pair, __a)" },
  exists: { 3: "__range.exists(__pair, __a)" },
  exists_one: { 3: "__range.exists_one(__pair, __a)" },
  existsOne: { 3: "__range.exists_one(__pair, __a)" },
  transformList: { 3: "__range.map(__pair, __a)", 4: "__range.map(__pair, __a, __b)" },
  transformMap: { 3: "__map(__range.map(__pair, [__pair[0], __a]))", 4: "__map(__range.map(__pair, __a, [__pair[0], __b]))" },
  transformMapEntry: { 3: "__union(__range.map(__pair, __a))", 4: "__union(__range.map(__pair, __a, __b))" },
};

/**
 * Macros with one variable: what each is, of `__of`, a variable `__each` and a body. Each of these stands once: what stands twice would double
 * the expression, and a chain of macros would grow beyond all measure.
 */
const withOne: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  existsOne: { 2: "__of.exists_one(__each, __a)" },
  sortBy: { 2: "__sort(__of.map(__each, [__each, __a]))" },
  optMap: { 2: "__values(__of).map(__each, __a).first()" },
  optFlatMap: { 2: "__values(__of).map(__each, __a).first().orValue(optional.none())" },
};

/** Expands what the parser has left as calls. */
export function expandMacros(expr: Expr): void {
  for (const child of children(expr)) expandMacros(child);
  const { exprKind } = expr;
  switch (exprKind.case) {
    case "identExpr":
      if (exprKind.value.name.includes(optionalField)) throw new Error("what stands before .? is missing");
      return;
    case "callExpr":
      refuseOptional(exprKind.value);
      expandCall(expr, exprKind.value);
      return;
    case "selectExpr": {
      const { operand, field, testOnly } = exprKind.value;
      if (operand === undefined) return;
      if (field.startsWith(optionalField)) expr.exprKind = callOf(selectFunction, operand, textOf(field.slice(optionalField.length)));
      else if (isOptional(operand)) {
        const selected = callOf(selectFunction, operand, textOf(field));
        expr.exprKind = testOnly ? built("__of.hasValue()", { __of: { ...operand, exprKind: selected } }).exprKind : selected;
      } else if (testOnly) expr.exprKind = callOf(hasFunction, operand, textOf(field));
      return;
    }
    case "listExpr": {
      const { elements } = exprKind.value;
      if (!elements.some((element) => marked(element))) return;
      const pairs = elements.map((element) => built(`[__a, ${marked(element) !== undefined}]`, { __a: marked(element) ?? element }));
      expr.exprKind = callOf(listFunction, listOf(pairs));
      return;
    }
    case "structExpr": {
      const entries = exprKind.value.entries.flatMap(({ keyKind, value }) =>
        keyKind.case === "mapKey" && value !== undefined ? [{ key: keyKind.value, value }] : [],
      );
      if (!entries.some(({ key }) => marked(key))) return;
      const triples = entries.map(({ key, value }) =>
        built(`[__a, __b, ${marked(key) !== undefined}]`, { __a: marked(key) ?? key, __b: value }),
      );
      expr.exprKind = callOf(mapOfOptionals, listOf(triples));
      return;
    }
    default:
  }
}

/** A `?` is for fields and entries. */
function refuseOptional({ function: name, args }: Call): void {
  if (name.startsWith(optionalField)) {
    const call = name.slice(optionalField.length);
    throw new Error(`.? stands before a field, not before the call ${call}(): write x.?field.orValue(other), or .${call}(…)`);
  }
  if (name === optionalFunction && args.length !== 1) throw new Error("what stands behind ? is missing");
}

type Call = Extract<Expr["exprKind"], { case: "callExpr" }>["value"];

function expandCall(expr: Expr, { target, function: name, args }: Call): void {
  const [first, second] = args;
  if (name === "_[_]" && first !== undefined && second !== undefined) {
    const key = marked(second) ?? (isOptional(first) ? second : undefined);
    if (key !== undefined) expr.exprKind = callOf(indexFunction, first, key);
    return;
  }
  if (target === undefined || first === undefined) return;
  const two = Object.hasOwn(withTwo, name) ? withTwo[name]?.[args.length] : undefined;
  const one = Object.hasOwn(withOne, name) ? withOne[name]?.[args.length] : undefined;
  if (two !== undefined && second !== undefined) {
    const key = variable(first, name);
    const value = variable(second, name);
    if (key === value) throw new Error(`${name}: both variables are called "${key}": give each a name of its own`);
    const bodies = args.slice(2);
    const own = fresh();
    const pair = new Map([
      [key, built(`${own}[0]`, {})],
      [value, built(`${own}[1]`, {})],
    ]);
    for (const body of bodies) substitute(body, pair);
    const range: Expr = { ...target, exprKind: callOf(pairsFunction, { ...target }) };
    expr.exprKind = expanded(two.replaceAll("__pair", own), { __range: range, ...bodiesOf(bodies) });
  } else if (one !== undefined) {
    const each = variable(first, name);
    const bodies = args.slice(1);
    const own = fresh();
    for (const body of bodies) substitute(body, new Map([[each, built(own, {})]]));
    expr.exprKind = expanded(one.replaceAll("__each", own), { __of: target, ...bodiesOf(bodies) });
  }
}

let variables = 0;

/** A variable that no other macro around or within has. */
function fresh(): string {
  variables += 1;
  return `_plimsoll_variable_${variables}`;
}

const named: Readonly<Record<string, string>> = {
  __map: mapOfPairs,
  __union: unionFunction,
  __sort: sortFunction,
  __values: valuesFunction,
};

function expanded(template: string, parts: Readonly<Record<string, Expr>>): Expr["exprKind"] {
  const expr = built(template, {});
  // Before the user's own is put in, which can't name these.
  rename(expr);
  substitute(expr, new Map(Object.entries(parts)));
  return expr.exprKind;
}

function rename(expr: Expr): void {
  const { exprKind } = expr;
  if (exprKind.case === "callExpr") exprKind.value.function = named[exprKind.value.function] ?? exprKind.value.function;
  for (const child of children(expr)) rename(child);
}

function bodiesOf([a, b]: readonly Expr[]): Record<string, Expr> {
  return { ...(a === undefined ? {} : { __a: a }), ...(b === undefined ? {} : { __b: b }) };
}

function listOf(elements: Expr[]): Expr {
  const list = built("[]", {});
  if (list.exprKind.case === "listExpr") list.exprKind.value.elements = elements;
  return list;
}

function variable({ exprKind }: Expr, macro: string): string {
  if (exprKind.case === "identExpr") return exprKind.value.name;
  throw new Error(`${macro}: a variable must be a plain name, as in ${macro}(i, x, …)`);
}

/** What a `?` stands before. */
function marked({ exprKind }: Expr): Expr | undefined {
  if (exprKind.case !== "callExpr" || exprKind.value.function !== optionalFunction) return undefined;
  return exprKind.value.args[0];
}

/** Whether it gives an optional value by how it is written: what is taken of it is optional, too. */
function isOptional({ exprKind }: Expr): boolean {
  return exprKind.case === "callExpr" && (exprKind.value.function === selectFunction || exprKind.value.function === indexFunction);
}
