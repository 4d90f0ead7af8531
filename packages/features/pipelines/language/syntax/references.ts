import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";
import { hasFunction } from "../functions/lists.ts";
import { indexFunction, selectFunction } from "../functions/optionals.ts";
import { children, textIn } from "./syntax-tree.ts";

/** What an expression names. Computed names, as in `params[x]`, are not among those of parameters and fields. */
export interface References {
  /** The variables: `params`, `steps`, `item`, …; names of types are none. */
  variables: ReadonlySet<string>;
  params: ReadonlySet<string>;
  steps: ReadonlySet<string>;
  /** The fields of `run`. */
  runFields: ReadonlySet<string>;
  functions: ReadonlySet<string>;
  /** Whether it names steps in a way that only its evaluation tells. */
  hasComputedStep: boolean;
}

/** What stands before the names of functions, as in `sets.contains`. */
export const namespaces: ReadonlySet<string> = new Set(["ip", "lists", "optional", "sets", "strings"]);

/** Functions that give what stands under a name, or whether anything does. */
const fields = new Set(["_[_]", hasFunction]);
const optionalFields = new Set([selectFunction, indexFunction]);

export function referencesIn(expr: Expr | undefined): References {
  const collector = new Collector();
  if (expr !== undefined) collector.visit(expr, new Set());
  return collector;
}

/** Names of CEL's types are values of their own, as in `type(item) == string`. */
const typeNames = new Set([
  "bool",
  "bytes",
  "double",
  "duration",
  "int",
  "list",
  "map",
  "null_type",
  "string",
  "timestamp",
  "type",
  "uint",
]);

class Collector implements References {
  readonly variables = new Set<string>();
  readonly params = new Set<string>();
  readonly steps = new Set<string>();
  readonly runFields = new Set<string>();
  readonly functions = new Set<string>();
  hasComputedStep = false;

  /** `bound` are the variables of the macros around an expression, as `o` in `exists(o, …)`. */
  visit(expr: Expr, bound: ReadonlySet<string>): void {
    const kind = expr.exprKind;
    switch (kind.case) {
      case "identExpr":
        if (bound.has(kind.value.name) || typeNames.has(kind.value.name)) return;
        this.variables.add(kind.value.name);
        this.hasComputedStep ||= kind.value.name === "steps";
        return;
      case "selectExpr":
        if (this.#takesField(kind.value.operand, kind.value.field, bound)) return;
        break;
      case "callExpr": {
        const { function: name, args, target } = kind.value;
        if (target?.exprKind.case === "identExpr" && namespaces.has(target.exprKind.value.name) && !bound.has(target.exprKind.value.name)) {
          this.functions.add(`${target.exprKind.value.name}.${name}`);
          for (const arg of args) this.visit(arg, bound);
          return;
        }
        const [operand, index] = args;
        const field = textIn(index);
        if (field !== undefined && fields.has(name) && this.#takesField(operand, field, bound)) return;
        if (field !== undefined && optionalFields.has(name) && this.#mayTakeField(operand, field, bound)) return;
        if (/^[a-z]/i.test(name)) this.functions.add(name);
        break;
      }
      case "comprehensionExpr": {
        const { iterVar, iterVar2, accuVar, iterRange, accuInit } = kind.value;
        const inner = new Set([...bound, iterVar, iterVar2, accuVar]);
        for (const child of children(expr)) this.visit(child, child === iterRange || child === accuInit ? bound : inner);
        return;
      }
      default:
    }
    for (const child of children(expr)) this.visit(child, bound);
  }

  /** The same of `params.?field`, which needn't be there; a step must be, as it has to be known which have ended. */
  #mayTakeField(operand: Expr | undefined, field: string, bound: ReadonlySet<string>): boolean {
    if (operand?.exprKind.case !== "identExpr") return false;
    const { name } = operand.exprKind.value;
    if (name === "steps") return this.#takesField(operand, field, bound);
    if ((name !== "params" && name !== "run") || bound.has(name)) return false;
    this.variables.add(name);
    return true;
  }

  /** Takes in `params.field`, `steps.field` and `run.field`; tells whether it was one of these. */
  #takesField(operand: Expr | undefined, field: string, bound: ReadonlySet<string>): boolean {
    if (operand?.exprKind.case !== "identExpr") return false;
    const { name } = operand.exprKind.value;
    const fields = name === "params" ? this.params : name === "steps" ? this.steps : name === "run" ? this.runFields : undefined;
    if (fields === undefined || bound.has(name)) return false;
    this.variables.add(name);
    fields.add(field);
    return true;
  }
}
