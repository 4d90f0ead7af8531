import { parse } from "@bufbuild/cel";
import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";

/** Functions that no expression can name: the one is given each list or map that a macro goes through, the other each that is written out. */
export const counting = "@count";
export const weighing = "@weigh";

/** Makes an expression count what it goes through and makes, so that none can hold the program up. Changes the expression. */
export function meterAll(expr: Expr): void {
  for (const child of children(expr)) meterAll(child);
  const { exprKind } = expr;
  if (exprKind.case === "listExpr" || exprKind.case === "structExpr") expr.exprKind = called(weighing, { ...expr });
  // A macro copies its range before it looks at the first item.
  if (exprKind.case === "comprehensionExpr" && exprKind.value.iterRange !== undefined)
    exprKind.value.iterRange = { ...exprKind.value.iterRange, exprKind: called(counting, exprKind.value.iterRange) };
}

/** A call of a function that the parser would not take. */
function called(name: string, argument: Expr): Expr["exprKind"] {
  const call = parse("call(0)").expr?.exprKind;
  if (call?.case !== "callExpr") throw new Error("CEL is parsed otherwise than expected");
  call.value.function = name;
  call.value.args[0] = argument;
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
