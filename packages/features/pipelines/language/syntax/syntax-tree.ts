import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";

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

/** The text that an expression is, where it is one that is written out. */
export function textIn(expr: Expr | undefined): string | undefined {
  const constant = expr?.exprKind.case === "constExpr" ? expr.exprKind.value.constantKind : undefined;
  return constant?.case === "stringValue" ? constant.value : undefined;
}
