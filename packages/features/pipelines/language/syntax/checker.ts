import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";
import { closest } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import { RE2JS } from "re2js";
import { hasFunction } from "../functions/lists.ts";
import { patternFunctions } from "../functions/regexes.ts";
import { indexFunction, selectFunction } from "../functions/optionals.ts";
import { children, textIn } from "./syntax-tree.ts";
import { neverEqual, notBool, notIn, refusal, type Operand } from "./refusals.ts";
import {
  any,
  common,
  comparable,
  constantType,
  describe,
  emptyList,
  fits,
  listOf,
  mapOf,
  numbers,
  string,
  typeOfCel,
  type Overloads,
  type Type,
} from "./types.ts";

/** The type of an expression, and what in it can have no value, whatever it is evaluated with. */
export function checkTypes(expr: Expr, variables: Readonly<Record<string, Type>>, overloads: Overloads): { type: Type; faults: string[] } {
  const checker = new Checker(overloads);
  const type = checker.typeOf(expr, new Map(Object.entries(variables)));
  return { type, faults: [...new Set(checker.faults)] };
}

/** What other languages call the size of a value. */
const lengths = new Set(["length", "size", "len", "count"]);

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
        if (kind.value.elements.length === 0) return emptyList;
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
      const hint = lengths.has(name)
        ? ": size(x) gives how long a text, list or map is"
        : of.is === "list"
          ? `: take an entry, as in [0].${name}, or all, as in .map(x, x.${name})`
          : "";
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
    if (patternFunctions.has(name)) this.#pattern(args[target === undefined || isNamespace ? 1 : 0]);
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
        if (!comparable(a, b)) this.faults.push(neverEqual({ type: a, expr: args[0] }, { type: b, expr: args[1] }));
        return { is: "bool" };
      case "@in":
        if (args[1]?.exprKind.case === "listExpr") for (const entry of args[1].exprKind.value.elements) this.#value(a, entry);
        if (b.is === "any" || b.is === "list" || b.is === "map") break;
        this.faults.push(notIn(b));
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
    // What is put together by a macro begins with an empty list.
    if (name === "_+_" && a.is === "list" && b.is === "list") return common([a, b]);
    const operand = (type: Type, index: number): Operand => ({ type, expr: args[index] });
    return this.#result(full, of === undefined ? undefined : { type: of, expr: target }, types.map(operand));
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
    if (type.is !== "any" && type.is !== "bool") this.faults.push(notBool(type, what));
  }

  /** What the overloads give that take such arguments; a fault where none does. */
  #result(name: string, target: Operand | undefined, args: readonly Operand[]): Type {
    const overloads = this.#overloads.get(name);
    if (overloads === undefined) return any;
    const fitting = overloads.filter(
      (one) =>
        (one.target === undefined) === (target === undefined) &&
        (one.target === undefined || target === undefined || fits(target.type, one.target)) &&
        one.arguments.length === args.length &&
        one.arguments.every((wanted, index) => fits(args[index]?.type ?? any, wanted)),
    );
    if (fitting.length > 0) return common(fitting.map(({ result }) => typeOfCel(result)));
    this.faults.push(refusal(name, target, args, this.#overloads));
    return any;
  }

  #comprehension(value: Extract<Expr["exprKind"], { case: "comprehensionExpr" }>["value"], known: ReadonlyMap<string, Type>): Type {
    const { iterVar, accuVar, iterRange, accuInit, loopCondition, loopStep, result } = value;
    const range = iterRange === undefined ? any : this.typeOf(iterRange, known);
    if (range.is !== "any" && range.is !== "list" && range.is !== "map")
      this.faults.push(`${describe(range)} can't be gone through: it is no list`);
    const initial = accuInit === undefined ? any : this.typeOf(accuInit, known);
    const each: Type = range.is === "list" ? range.of : range.is === "map" ? string : any;
    const inner = new Map([...known, [iterVar, each], [accuVar, initial]]);
    if (loopCondition !== undefined) this.typeOf(loopCondition, inner);
    const accumulated = loopStep === undefined ? any : this.typeOf(loopStep, inner);
    return result === undefined ? any : this.typeOf(result, new Map([...inner, [accuVar, accumulated]]));
  }
}
