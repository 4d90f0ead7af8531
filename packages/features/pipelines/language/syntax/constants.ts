import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";
import { namespaces } from "./references.ts";
import { children } from "./syntax-tree.ts";

/**
 * The parts of an expression that name nothing outside of themselves, and so give the same whatever it is evaluated with; each as large as it can
 * be. Constants are left out, and the two sides of `? :`, one of which is perhaps meant to fail.
 */
export function* closedParts(expr: Expr): Generator<Expr> {
  const { exprKind } = expr;
  if (isClosed(expr)) {
    if (isComputed(expr)) yield expr;
    return;
  }
  const isChoice = exprKind.case === "callExpr" && exprKind.value.function === "_?_:_";
  for (const child of isChoice ? exprKind.value.args.slice(0, 1) : children(expr)) yield* closedParts(child);
}

/** Whether it names nothing outside of itself. `bound`: the variables of macros around it. */
export function isClosed(expr: Expr, bound: ReadonlySet<string> = new Set()): boolean {
  const { exprKind } = expr;
  if (exprKind.case === "identExpr") return bound.has(exprKind.value.name);
  if (exprKind.case === "callExpr") {
    const { target } = exprKind.value;
    const isNamed = target?.exprKind.case === "identExpr" && namespaces.has(target.exprKind.value.name);
    if (isNamed) return exprKind.value.args.every((arg) => isClosed(arg, bound));
  }
  if (exprKind.case === "structExpr" && exprKind.value.messageName !== "") return true;
  const { iterVar = "", iterVar2 = "", accuVar = "" } = exprKind.case === "comprehensionExpr" ? exprKind.value : {};
  const inner = new Set([...bound, iterVar, iterVar2, accuVar]);
  return [...children(expr)].every((child) => isClosed(child, inner));
}

function isComputed(expr: Expr): boolean {
  const { exprKind } = expr;
  if (exprKind.case === "structExpr" && exprKind.value.messageName !== "") return true;
  return ["callExpr", "selectExpr", "comprehensionExpr"].includes(exprKind.case ?? "") || [...children(expr)].some(isComputed);
}
