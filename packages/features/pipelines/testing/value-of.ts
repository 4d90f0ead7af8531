import { toCel } from "../language/cel.ts";
import { parseExpression } from "../language/expression.ts";
import { Meter } from "../language/meter.ts";

/** What an expression gives, as JSON has it, of parameters. Throws its Error where it gives nothing. */
export function valueOf(expression: string, params: object): unknown {
  return parseExpression(expression).evaluate({ params: toCel(params) }, new Meter());
}
