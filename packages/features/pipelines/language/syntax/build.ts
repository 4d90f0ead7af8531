import { parse } from "@bufbuild/cel";
import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";
import { children } from "./syntax-tree.ts";

type Kind = Expr["exprKind"];

/** A call of a function that the parser would not take. */
export function callOf(name: string, ...args: Expr[]): Kind {
  const call = parse("call()").expr?.exprKind;
  if (call?.case !== "callExpr") throw new Error("CEL is parsed otherwise than expected");
  call.value.function = name;
  call.value.args = args;
  return call;
}

/** An expression from its text, with others in place of some names. */
export function built(text: string, parts: Readonly<Record<string, Expr>>): Expr {
  const { expr } = parse(text);
  if (expr === undefined) throw new Error("CEL is parsed otherwise than expected");
  substitute(expr, new Map(Object.entries(parts)));
  return expr;
}

/** A text as a constant. */
export function textOf(value: string): Expr {
  return built(JSON.stringify(value), {});
}

/** Puts expressions in place of names; not where a macro has a variable of the name. Changes the expression. */
export function substitute(expr: Expr, parts: ReadonlyMap<string, Expr>): void {
  const { exprKind } = expr;
  if (exprKind.case === "identExpr") {
    const part = parts.get(exprKind.value.name);
    if (part !== undefined) expr.exprKind = part.exprKind;
    return;
  }
  if (exprKind.case === "comprehensionExpr") {
    const { iterVar, iterVar2, accuVar, iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
    const inner = new Map([...parts].filter(([name]) => ![iterVar, iterVar2, accuVar].includes(name)));
    for (const part of [iterRange, accuInit]) if (part !== undefined) substitute(part, parts);
    for (const part of [loopCondition, loopStep, result]) if (part !== undefined) substitute(part, inner);
    return;
  }
  for (const child of children(expr)) substitute(child, parts);
}
