import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";
import { children } from "./syntax-tree.ts";

/** What an expression names. Computed names, as in `params[x]`, are not among those of parameters and fields. */
export interface References {
  /** The variables: `params`, `steps`, `item`, …. */
  variables: ReadonlySet<string>;
  params: ReadonlySet<string>;
  steps: ReadonlySet<string>;
  /** The fields of `run`. */
  runFields: ReadonlySet<string>;
  functions: ReadonlySet<string>;
  /** Whether it names steps in a way that only its evaluation tells. */
  hasComputedStep: boolean;
}

export function referencesIn(expr: Expr | undefined): References {
  const collector = new Collector();
  if (expr !== undefined) collector.visit(expr, new Set());
  return collector;
}

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
        if (bound.has(kind.value.name)) return;
        this.variables.add(kind.value.name);
        this.hasComputedStep ||= kind.value.name === "steps";
        return;
      case "selectExpr":
        if (this.#takesField(kind.value.operand, kind.value.field, bound)) return;
        break;
      case "callExpr": {
        const { function: name, args } = kind.value;
        const [operand, index] = args;
        const constant = index?.exprKind.case === "constExpr" ? index.exprKind.value.constantKind : undefined;
        if (name === "_[_]" && constant?.case === "stringValue" && this.#takesField(operand, constant.value, bound)) return;
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
