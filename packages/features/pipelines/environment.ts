import { celEnv, celFunc, celList, celListConcat, CelScalar, listType, parse, type CelList } from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import type { Expr } from "@bufbuild/cel-spec/cel/expr/syntax_pb.js";

/** How many items the macros (`map`, `exists`, …) of one step may go through, taken together: about a second's work. */
export const mostIterations = 500_000;

const anyList = listType(CelScalar.DYN);
const counting = "@count";
let iterations = 0;

/** The lists that a longer list is made of, none of them longer than the one before. */
const partsOf = new WeakMap<CelList, CelList[]>();

/**
 * `map` and `filter` put their results together one at a time. Kept as a list in a list in a list, some thousands
 * would overflow the stack; so equal parts are joined, as a binary counter carries.
 */
function concat(a: CelList, b: CelList): CelList {
  const parts = [...(partsOf.get(a) ?? [a]), b];
  for (let last = parts.at(-1), before = parts.at(-2); last && before && before.size <= last.size; last = parts.at(-1), before = parts.at(-2)) {
    parts.splice(-2, 2, celList([...before, ...last]));
  }
  const list = celListConcat(...parts);
  partsOf.set(list, parts);
  return list;
}

/** CEL with its strings extension. */
export const environment = celEnv({
  funcs: [
    ...strings,
    celFunc("_+_", [anyList, anyList], anyList, concat),
    celFunc("double", [CelScalar.STRING], CelScalar.DOUBLE, (text) => {
      const number = Number(text);
      if (text.trim() === "" || (Number.isNaN(number) && text !== "NaN")) throw new Error(`"${text.slice(0, 40)}" is not a number`);
      return number;
    }),
    celFunc(counting, [], CelScalar.BOOL, () => {
      iterations += 1;
      if (iterations > mostIterations) throw new Error(`the step's expressions go through more than ${mostIterations} items: do this in a step`);
      return true;
    }),
  ],
});

/** Names of the functions that an expression can call. */
export const functionNames: ReadonlySet<string> = new Set([...environment.funcs].map(({ name }) => name).filter((name) => /^[a-z]/i.test(name)));

/** To be called before each step: counts anew. Gives how many items were gone through since the last time. */
export function startCounting(): number {
  const before = iterations;
  iterations = 0;
  return before;
}

/** Makes every macro within an expression count its iterations, so that none can hold the program up. Changes the expression. */
export function limitIterations(expr: Expr): void {
  for (const child of children(expr)) limitIterations(child);
  if (expr.exprKind.case !== "comprehensionExpr") return;
  const { loopCondition } = expr.exprKind.value;
  const guard = parse("count() && true").expr;
  if (guard?.exprKind.case !== "callExpr" || loopCondition === undefined) throw new Error("CEL is parsed otherwise than expected");
  const [count] = guard.exprKind.value.args;
  if (count?.exprKind.case === "callExpr") count.exprKind.value.function = counting;
  guard.exprKind.value.args[1] = loopCondition;
  expr.exprKind.value.loopCondition = guard;
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
