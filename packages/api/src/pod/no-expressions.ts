import type { Path } from "../problems/path.ts";
import { noExpressions } from "../problems/issues.ts";
import type { Problem } from "../problems/problem.ts";

/** Texts that hold `${{`, where expressions aren't evaluated: they would reach Kubernetes as they stand. */
export function* expressionProblems(value: unknown, path: Path): Generator<Problem> {
  if (typeof value === "string") {
    if (value.includes("${{")) yield { path, message: `${noExpressions}, or the step an env` };
  } else if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) yield* expressionProblems(part, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}
