import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";
import { callOf } from "./build.ts";
import { children } from "./syntax-tree.ts";

/** Functions that no expression can name: the one is given each list or map that a macro goes through, the other each that is written out. */
export const countFunction = "@count";
export const weighFunction = "@weigh";

/** Makes an expression count what it goes through and makes, so that none can hold the program up. Changes the expression. */
export function instrument(expr: Expr): void {
  for (const child of children(expr)) instrument(child);
  const { exprKind } = expr;
  if (exprKind.case === "listExpr" || exprKind.case === "structExpr") expr.exprKind = callOf(weighFunction, { ...expr });
  // A macro copies its range before it looks at the first item.
  if (exprKind.case === "comprehensionExpr" && exprKind.value.iterRange !== undefined)
    exprKind.value.iterRange = { ...exprKind.value.iterRange, exprKind: callOf(countFunction, exprKind.value.iterRange) };
}
