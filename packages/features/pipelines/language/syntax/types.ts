import type { CelType } from "@bufbuild/cel";
import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";
import { closest } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import { RE2JS } from "@bufbuild/re2";
import { hasFunction } from "../functions/lists.ts";
import { indexFunction, selectFunction } from "../functions/optionals.ts";
import { children, textIn } from "./syntax-tree.ts";

/** What is known of a value before there is one. */
export type Type =
  | { is: "any" }
  | { is: "string" | "int" | "uint" | "double" | "bool" | "bytes" | "null" | "type" | "timestamp" | "duration" }
  /** A text that is one of these. */
  | { is: "string"; noun: string; values: readonly string[] }
  | { is: "list"; of: Type }
  /** `fields`: all that there are, where that is known; `noun`: what it is, as in `step`. */
  | { is: "map"; of: Type; fields?: ReadonlyMap<string, Type>; noun?: string };

/** A text of which all values are known. */
export const oneOf = (noun: string, values: readonly string[]): Type => ({ is: "string", noun, values });

export const any: Type = { is: "any" };
export const string: Type = { is: "string" };
export const int: Type = { is: "int" };
export const listOf = (of: Type): Type => ({ is: "list", of });
export const mapOf = (of: Type): Type => ({ is: "map", of });

/** A map all fields of which are known. */
export function object(noun: string, fields: Readonly<Record<string, Type>>): Type {
  return { is: "map", of: any, fields: new Map(Object.entries(fields)), noun };
}

/** The type of a JSON value; of several that differ, what they have in common. */
export function typeOf(value: unknown): Type {
  if (value === null) return { is: "null" };
  if (Array.isArray(value)) return listOf(common(value.map(typeOf)));
  switch (typeof value) {
    case "string":
      return string;
    case "boolean":
      return { is: "bool" };
    case "number":
      return { is: Number.isSafeInteger(value) ? "int" : "double" };
    case "object":
      return {
        is: "map",
        of: any,
        fields: new Map(Object.entries(value as object).map(([key, entry]) => [key, typeOf(entry)])),
        noun: "item",
      };
    default:
      return any;
  }
}

/** What several types have in common. A field that only some have may be there. */
export function common([first = any, ...others]: readonly Type[]): Type {
  return others.reduce((a, b) => {
    if (a.is === "list" && b.is === "list") return listOf(common([a.of, b.of]));
    if (a.is === "map" && b.is === "map") {
      if (a.fields === undefined || b.fields === undefined) return mapOf(common([a.of, b.of]));
      const names = new Set([...a.fields.keys(), ...b.fields.keys()]);
      const fields = new Map(
        [...names].map((name) => [name, common([a.fields?.get(name), b.fields?.get(name)].flatMap((type) => type ?? []))]),
      );
      return { is: "map", of: any, fields, ...(a.noun === undefined ? {} : { noun: a.noun }) };
    }
    if (a.is === "string" && b.is === "string") return "values" in a && "values" in b && a.noun === b.noun ? a : string;
    return a.is === b.is ? a : any;
  }, first);
}

/** The overloads of functions, by name. */
export type Overloads = ReadonlyMap<string, readonly { target: CelType | undefined; arguments: readonly CelType[]; result: CelType }[]>;

/** The type of an expression, and what in it can have no value, whatever it is evaluated with. */
export function checkTypes(expr: Expr, variables: Readonly<Record<string, Type>>, overloads: Overloads): { type: Type; faults: string[] } {
  const checker = new Checker(overloads);
  const type = checker.typeOf(expr, new Map(Object.entries(variables)));
  return { type, faults: [...new Set(checker.faults)] };
}

const nouns: Readonly<Record<string, string>> = {
  string: "text",
  int: "whole number",
  uint: "uint",
  double: "number with a point",
  bool: "true or false",
  bytes: "bytes",
  null: "null",
  list: "list",
  map: "map",
  timestamp: "time",
  duration: "duration",
  type: "type",
};

/** As in `a text`. */
export function describe({ is }: Type): string {
  const noun = nouns[is] ?? is;
  return ["bool", "null", "bytes"].includes(is) ? noun : `a ${noun}`;
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
const numbers = new Set(["int", "uint", "double"]);

class Checker {
  readonly faults: string[] = [];
  readonly #overloads: Overloads;

  constructor(overloads: Overloads) {
    this.#overloads = overloads;
  }

  typeOf(expr: Expr, known: ReadonlyMap<string, Type>): Type {
    const { exprKind: kind } = expr;
    switch (kind.case) {
      case "constExpr":
        return constantType(kind.value.constantKind.case);
      case "identExpr":
        return known.get(kind.value.name) ?? any;
      case "selectExpr":
        return kind.value.operand === undefined ? any : this.#field(this.typeOf(kind.value.operand, known), kind.value.field);
      case "callExpr":
        return this.#call(kind.value, known);
      case "listExpr":
        return listOf(common(kind.value.elements.map((element) => this.typeOf(element, known))));
      case "structExpr":
        return mapOf(common(kind.value.entries.flatMap(({ value }) => (value === undefined ? [] : [this.typeOf(value, known)]))));
      case "comprehensionExpr":
        return this.#comprehension(kind.value, known);
      default:
        for (const child of children(expr)) this.typeOf(child, known);
        return any;
    }
  }

  #field(of: Type, name: string): Type {
    if (of.is === "any") return any;
    if (of.is !== "map") {
      const hint = of.is === "list" ? `: take an entry, as in [0].${name}, or all, as in .map(x, x.${name})` : "";
      this.faults.push(`"${name}" is asked of ${describe(of)}, which has no fields${hint}`);
      return any;
    }
    const field = of.fields === undefined ? of.of : of.fields.get(name);
    if (field === undefined)
      this.faults.push(
        `${of.noun ?? "the map"} has no "${name}"${of.fields?.size === 0 ? ": it is empty" : closest(name, [...(of.fields?.keys() ?? [])])}`,
      );
    return field ?? any;
  }

  #call(
    { target, function: name, args }: Extract<Expr["exprKind"], { case: "callExpr" }>["value"],
    known: ReadonlyMap<string, Type>,
  ): Type {
    const isNamespace = target?.exprKind.case === "identExpr" && this.#overloads.has(`${target.exprKind.value.name}.${name}`);
    const full = isNamespace && target.exprKind.case === "identExpr" ? `${target.exprKind.value.name}.${name}` : name;
    const of = target === undefined || isNamespace ? undefined : this.typeOf(target, known);
    const types = args.map((arg) => this.typeOf(arg, known));
    const [a = any, b = any, c = any] = types;
    if (name === "matches") this.#pattern(args.at(-1));
    switch (name) {
      case "_?_:_":
        this.#mustBeBool(a, "what stands before ?");
        return common([b, c]);
      case "_&&_":
      case "_||_":
        for (const type of types) this.#mustBeBool(type, `a side of ${name === "_&&_" ? "&&" : "||"}`);
        return { is: "bool" };
      case "_==_":
      case "_!=_":
        this.#value(a, args[1]);
        this.#value(b, args[0]);
        if (!comparable(a, b)) this.faults.push(`${describe(a)} is compared with ${describe(b)}: they are never equal`);
        return { is: "bool" };
      case "@in":
        if (args[1]?.exprKind.case === "listExpr") for (const entry of args[1].exprKind.value.elements) this.#value(a, entry);
        if (b.is === "any" || b.is === "list" || b.is === "map") break;
        this.faults.push(`in asks whether a list has an entry, or a map a key: what stands behind it is ${describe(b)}`);
        return { is: "bool" };
      case "_[_]":
        return this.#entry(a, args[1], b);
      case hasFunction:
        return { is: "bool" };
      case selectFunction:
      case indexFunction:
        return any;
      default:
    }
    return this.#result(full, of, types);
  }

  /** A text that is compared with what can't be it. */
  #value(of: Type, other: Expr | undefined): void {
    const text = textIn(other);
    if (text === undefined || !("values" in of) || of.values.includes(text)) return;
    this.faults.push(`${of.noun} is never "${text}"${closest(text, of.values)}`);
  }

  #entry(of: Type, key: Expr | undefined, keyType: Type): Type {
    if (of.is === "list") {
      if (keyType.is !== "any" && !numbers.has(keyType.is))
        this.faults.push(`an entry of a list is named by a whole number, not by ${describe(keyType)}`);
      return of.of;
    }
    const field = textIn(key);
    // What came as JSON.
    if (of.is === "map" && of.noun !== undefined && keyType.is !== "any" && keyType.is !== "string") {
      this.faults.push(
        `${of.noun} ${of.noun.endsWith("s") ? "have" : "has"} names, not places: write .name or ["name"], not ${describe(keyType)}`,
      );
      return any;
    }
    if (of.is === "map") return field === undefined ? of.of : this.#field(of, field);
    if (of.is !== "any") this.faults.push(`${describe(of)} has no entries`);
    return any;
  }

  /** A regular expression that is written out can be looked at before it is used. */
  #pattern(arg: Expr | undefined): void {
    const text = textIn(arg);
    if (text === undefined) return;
    try {
      RE2JS.compile(text);
    } catch (error) {
      this.faults.push(`the regular expression ${text} can't be used: ${messageOf(error).replace(/^error parsing regexp: /, "")}`);
    }
  }

  #mustBeBool(type: Type, what: string): void {
    if (type.is !== "any" && type.is !== "bool") this.faults.push(`${what} is ${describe(type)}: it must be true or false`);
  }

  /** What the overloads give that take such arguments; a fault where none does. */
  #result(name: string, target: Type | undefined, args: readonly Type[]): Type {
    const overloads = this.#overloads.get(name);
    if (overloads === undefined) return any;
    const fitting = overloads.filter(
      (one) =>
        (one.target === undefined) === (target === undefined) &&
        (one.target === undefined || target === undefined || fits(target, one.target)) &&
        one.arguments.length === args.length &&
        one.arguments.every((wanted, index) => fits(args[index] ?? any, wanted)),
    );
    if (fitting.length > 0) return common(fitting.map(({ result }) => typeOfCel(result)));
    const operator = operators[name];
    const given = args.map(describe);
    const mixed = args.length === 2 && args.every(({ is }) => numbers.has(is)) ? ": write double() around the whole number" : "";
    const text =
      args.length === 2 && name === "_+_" && args.some(({ is }) => is === "string") ? ": write string() around what is no text" : "";
    this.faults.push(
      operator === undefined
        ? target === undefined
          ? `${name}() doesn't take ${given.join(" and ") || "nothing"}`
          : `${describe(target)} has no ${name}(${given.join(", ")})`
        : given.length === 1
          ? `${operator} doesn't take ${given[0]}`
          : `${given.join(` ${operator} `)} can't be worked out${mixed || text}`,
    );
    return any;
  }

  #comprehension(value: Extract<Expr["exprKind"], { case: "comprehensionExpr" }>["value"], known: ReadonlyMap<string, Type>): Type {
    const { iterVar, accuVar, iterRange, accuInit, loopCondition, loopStep, result } = value;
    const range = iterRange === undefined ? any : this.typeOf(iterRange, known);
    if (range.is !== "any" && range.is !== "list" && range.is !== "map")
      this.faults.push(`${describe(range)} can't be gone through: it is no list`);
    const initial = accuInit === undefined ? any : this.typeOf(accuInit, known);
    const accumulated: Type = initial.is === "list" ? listOf(any) : initial;
    const each: Type = range.is === "list" ? range.of : range.is === "map" ? string : any;
    const inner = new Map([...known, [iterVar, each], [accuVar, accumulated]]);
    for (const part of [loopCondition, loopStep]) if (part !== undefined) this.typeOf(part, inner);
    return result === undefined ? any : this.typeOf(result, inner);
  }
}

function constantType(kind: string | undefined): Type {
  switch (kind) {
    case "stringValue":
      return string;
    case "int64Value":
      return int;
    case "uint64Value":
      return { is: "uint" };
    case "doubleValue":
      return { is: "double" };
    case "boolValue":
      return { is: "bool" };
    case "bytesValue":
      return { is: "bytes" };
    case "nullValue":
      return { is: "null" };
    default:
      return any;
  }
}

/** What is null may stand for anything that isn't there. */
function comparable(a: Type, b: Type): boolean {
  if (a.is === "any" || b.is === "any" || a.is === "null" || b.is === "null") return true;
  return a.is === b.is || (numbers.has(a.is) && numbers.has(b.is));
}

function fits(type: Type, wanted: CelType): boolean {
  const { is } = typeOfCel(wanted);
  return type.is === "any" || is === "any" || type.is === is;
}

function typeOfCel(type: CelType): Type {
  switch (type.name) {
    case "string":
    case "int":
    case "uint":
    case "double":
    case "bool":
    case "bytes":
    case "type":
      return { is: type.name };
    case "null_type":
      return { is: "null" };
    case "list":
      return listOf(any);
    case "map":
      return mapOf(any);
    case "google.protobuf.Timestamp":
      return { is: "timestamp" };
    case "google.protobuf.Duration":
      return { is: "duration" };
    default:
      return any;
  }
}
