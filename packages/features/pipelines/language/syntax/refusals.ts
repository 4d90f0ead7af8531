import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";
import { valuesFunction } from "../functions/optionals.ts";
import { textIn } from "./syntax-tree.ts";
import { comparedType, describe, fits, numbers, typeOfCel, type Overloads, type Type } from "./types.ts";

/** A value that a function is given, and how it is written where that is known. */
export interface Operand {
  type: Type;
  expr?: Expr | undefined;
}

const operators: Readonly<Record<string, string>> = {
  "_+_": "+",
  "_-_": "-",
  "_*_": "*",
  "_/_": "/",
  "_%_": "%",
  "_<_": "<",
  "_<=_": "<=",
  "_>_": ">",
  "_>=_": ">=",
  "-_": "-",
  "!_": "!",
  "@in": "in",
};
const comparisons = new Set(["<", "<=", ">", ">="]);

/** What to write for functions where a kind of value has another, or none. */
const instead: Readonly<Record<string, string>> = {
  "contains of list": "x in list asks it",
  "startsWith of list": "list[0] is its first entry",
  "replace of list": "list.map(x, x.replace(old, new)) does it for each",
  "int of bool": "write x ? 1 : 0",
  "int of list": "size(x) gives how many entries it has",
  "bool of int": "write x != 0",
  "bool of double": "write x != 0.0",
  "string of list": '${{ x }} in a text writes it as JSON by itself, and x.join(",") with commas',
  "string of map": "${{ x }} in a text writes it as JSON by itself",
  "string of type": comparedType,
  "string of null": "write x == null ? other : string(x)",
};

/** What is said of a call that no overload takes, with what to write instead. */
export function refusal(name: string, target: Operand | undefined, args: readonly Operand[], overloads: Overloads): string {
  const given = args.map(({ type }) => describe(type));
  const operator = operators[name];
  const [first, second] = args;
  if (operator !== undefined && first !== undefined) {
    if (operator === "in") return notIn(second?.type);
    if (second === undefined) return `${operator} doesn't take ${given[0]}${withRemedy(unaryRemedy(operator, first.type))}`;
    return `${given.join(` ${operator} `)} can't be worked out${withRemedy(remedyOf(operator, first, second))}`;
  }
  if (name === valuesFunction) return "optMap and optFlatMap are called on what may not be there, as in x.?field.optMap(v, value)";
  const all = overloads.get(name) ?? [];
  const kind = target ?? first;
  const hint = kind === undefined ? undefined : instead[`${name} of ${kind.type.is}`];
  if (target === undefined) {
    const forms = formsOf(all.filter((one) => one.target === undefined));
    if (hint !== undefined) return `${name}() doesn't take ${listed(given)}: ${hint}`;
    if (forms !== "") return `${name}() takes ${forms}, not ${listed(given)}`;
    return `${name}() is called on a value, as in x.${name}(…)`;
  }
  const ours = all.filter((one) => one.target !== undefined && fits(target.type, one.target));
  const noun = describe(target.type);
  if (ours.length > 0) return `${name}() of ${noun} takes ${formsOf(ours)}, not ${listed(given)}`;
  const others = [...new Set(all.flatMap((one) => (one.target === undefined ? [] : [describe(typeOfCel(one.target))])))];
  if (others.length === 0) return `${name}() isn't called on a value: write ${name}(x)`;
  return `${noun} has no ${name}(): ${hint ?? `it is of ${others.join(" or ")}`}`;
}

function formsOf(
  overloads: readonly { arguments: Parameters<typeof typeOfCel>[0][] | readonly Parameters<typeof typeOfCel>[0][] }[],
): string {
  const forms = overloads.map((one) => listed(one.arguments.map((type) => describe(typeOfCel(type)))));
  return [...new Set(forms)].join(", or ");
}

function listed(values: readonly string[]): string {
  return values.join(" and ") || "nothing";
}

function withRemedy(remedy: string | undefined): string {
  return remedy === undefined ? "" : `: ${remedy}`;
}

/** Of what stands behind `in`. */
export function notIn(type: Type | undefined): string {
  const hint = type?.is === "string" ? ": text.contains(part) asks whether a text has a part" : "";
  return `in asks whether a list has an entry, or a map a key: what stands behind it is ${describe(type ?? { is: "any" })}${hint}`;
}

/** Of what must be true or false. */
export function notBool(type: Type, what: string): string {
  return `${what} is ${describe(type)}: it must be true or false${withComparison(type)}`;
}

/** How a value is made true or false. */
export function withComparison({ is }: Type): string {
  if (is === "string") return ', as in x == "true"';
  if (numbers.has(is)) return ", as in x != 0";
  return is === "list" || is === "map" ? ", as in size(x) > 0" : "";
}

/** Of two values that are never equal. */
export function neverEqual(a: Operand, b: Operand): string {
  return `${describe(a.type)} is compared with ${describe(b.type)}: they are never equal${withRemedy(equalityRemedy(a, b) ?? equalityRemedy(b, a))}`;
}

function equalityRemedy(a: Operand, b: Operand): string | undefined {
  const [left, right] = [a.type.is, b.type.is];
  const text = textIn(a.expr);
  if (left === "string" && numbers.has(right)) {
    if (text !== undefined) return isNumeric(text) ? `write ${text} without quotes` : undefined;
    const number = numberIn(b.expr);
    return `write ${conversionTo(b.type)} around the text${number === undefined ? "" : `, or "${number}" for ${number}`}`;
  }
  if (left === "string" && right === "bool") {
    if (text !== undefined) return "write true or false without quotes";
    return 'compare it with a text, as in x == "true"';
  }
  if (left === "bool" && numbers.has(right)) return "compare the number with one, as in x != 0";
  if (left === "list") return right === "map" ? undefined : "x in list asks whether it has an entry";
  if (left === "type" && right === "string") return "names of types stand without quotes, as in type(x) == int";
  if (left === "timestamp" && right === "string") return "write timestamp() around the text";
  if (left === "duration" && right === "string") return "write duration() around the text";
  return undefined;
}

function unaryRemedy(operator: string, { is }: Type): string | undefined {
  if (operator === "!") return is === "string" ? 'compare it, as in x != "true"' : numbers.has(is) ? "compare it, as in x == 0" : undefined;
  return is === "string" ? "write int() or double() around the text" : undefined;
}

function remedyOf(operator: string, a: Operand, b: Operand): string | undefined {
  const kinds = [a.type.is, b.type.is];
  if (kinds.every((kind) => numbers.has(kind))) {
    return kinds.includes("double") ? "write double() around the whole number" : "write int() around the uint";
  }
  if (kinds.includes("string")) return a.type.is === "string" ? withText(operator, a, b) : withText(operator, b, a);
  if (operator === "+" && kinds.includes("list")) return "write [ ] around the entry";
  if (comparisons.has(operator) && kinds.includes("bool") && kinds.some((kind) => numbers.has(kind)))
    return "two comparisons are joined by &&, as in 1 < x && x < 3";
  if (operator !== "*" && (kinds.includes("duration") || kinds.includes("timestamp")) && kinds.some((kind) => numbers.has(kind)))
    return 'a length of time is written duration("5s")';
  return undefined;
}

/** Of a text and what is none. */
function withText(operator: string, text: Operand, other: Operand): string | undefined {
  const { is } = other.type;
  const literal = textIn(text.expr);
  if (is === "timestamp" || is === "duration")
    return is === "timestamp" && comparisons.has(operator) ? "write timestamp() around the text" : "write duration() around the text";
  const join = operator === "+" ? "write string() around what is no text" : undefined;
  if (is === "list" && operator === "+") return 'write [ ] around the entry, or list.join(",") for a text';
  if (!numbers.has(is)) return is === "bool" || is === "bytes" ? join : undefined;
  if (literal !== undefined) {
    if (!isNumeric(literal)) return join;
    return `write ${literal} without quotes${operator === "+" ? ", or string() around the number to join them" : ""}`;
  }
  const convert = `write ${conversionTo(other.type)} around the text`;
  return operator === "+" ? `${convert} to add them, or string() around the number to join them` : convert;
}

function conversionTo({ is }: Type): string {
  return is === "double" ? "double()" : "int()";
}

function isNumeric(text: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}

/** The number that an expression is, where it is one that is written out. */
function numberIn(expr: Expr | undefined): string | undefined {
  const constant = expr?.exprKind.case === "constExpr" ? expr.exprKind.value.constantKind : undefined;
  return constant?.case === "int64Value" || constant?.case === "doubleValue" ? String(constant.value) : undefined;
}
