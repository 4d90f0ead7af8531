import { toCel } from "./cel.ts";
import { Meter } from "./meter.ts";
import { parseTemplate, wholeExpression } from "./template.ts";

/** A text with expressions, for who is no step: what it gives, as JSON has it. */
export interface ValueTemplate {
  /** The variables that it names. */
  variables: ReadonlySet<string>;
  /** The value of the one expression that it consists of; else the text with each value in its place. Throws an Error. */
  evaluate: (variables: Readonly<Record<string, unknown>>) => unknown;
}

/** Of what a step may take, and so of a second's work: such an expression is evaluated again whenever its object has changed. */
const part = 1 / 50;

/** Parses a text with `${{ }}` in it; undefined where there is none. Throws an Error that says which expression is wrong, and how. */
export function parseValue(text: string): ValueTemplate | undefined {
  if (!text.includes("${{")) return undefined;
  const whole = wholeExpression(text);
  const template = parseTemplate(text, []);
  const inCel = (variables: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, toCel(value)]));
  return {
    variables: new Set(template.expressions.flatMap(({ variables }) => [...variables])),
    evaluate: (variables) =>
      whole === undefined ? template.render(inCel(variables), new Meter(part)) : whole.evaluate(inCel(variables), new Meter(part)),
  };
}
