import { parse } from "@bufbuild/cel";
import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";

/** Functions that no expression can name: the one is called for each item that a macro goes through, the other with each list or map that is written out. */
export const counting = "@count";
export const weighing = "@weigh";

/** Makes an expression count what it goes through and makes, so that none can hold the program up. Changes the expression. */
export function guard(expr: Expr): void {
  for (const child of children(expr)) guard(child);
  const { exprKind } = expr;
  if (exprKind.case === "listExpr" || exprKind.case === "structExpr") {
    const inner = { ...expr };
    expr.exprKind = called(weighing, "call(0)");
    if (expr.exprKind.case === "callExpr") expr.exprKind.value.args[0] = inner;
  }
  if (exprKind.case !== "comprehensionExpr" || exprKind.value.loopCondition === undefined) return;
  const condition = called("_&&_", "count() && true");
  if (condition.case !== "callExpr") return;
  const [count] = condition.value.args;
  if (count !== undefined) count.exprKind = called(counting, "call()");
  condition.value.args[1] = exprKind.value.loopCondition;
  exprKind.value.loopCondition = { ...exprKind.value.loopCondition, exprKind: condition };
}

/** A call as the parser makes it, of a function that the parser would not take. */
function called(name: string, text: string): Expr["exprKind"] {
  const call = parse(text).expr?.exprKind;
  if (call?.case !== "callExpr") throw new Error("CEL is parsed otherwise than expected");
  call.value.function = name;
  return call;
}

/** The expressions that an expression consists of. */
export function* children({ exprKind }: Expr): Generator<Expr> {
  const parts: (Expr | undefined)[] = [];
  switch (exprKind.case) {
    case "selectExpr":
      parts.push(exprKind.value.operand);
      break;
    case "callExpr":
      parts.push(exprKind.value.target, ...exprKind.value.args);
      break;
    case "listExpr":
      parts.push(...exprKind.value.elements);
      break;
    case "structExpr":
      for (const { keyKind, value } of exprKind.value.entries) parts.push(keyKind.case === "mapKey" ? keyKind.value : undefined, value);
      break;
    case "comprehensionExpr": {
      const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
      parts.push(iterRange, accuInit, loopCondition, loopStep, result);
      break;
    }
    default:
  }
  for (const part of parts) if (part !== undefined) yield part;
}
