import type { Path } from "@plimsoll/api";

/** A text with expressions, parsed. */
interface Value {
  /** The variables that it names. */
  variables: ReadonlySet<string>;
  /** What it gives, as JSON has it. Throws an Error that says what is wrong. */
  evaluate: (variables: Readonly<Record<string, unknown>>) => unknown;
}

/** The language of expressions, which one feature has and the wiring list hands to others: undefined for a text without any. Throws an Error for what can't be parsed. */
export type Language = (text: string) => Value | undefined;

/** Every text within a value, with its place. */
export function* textsWithin(value: unknown, path: Path): Generator<{ path: Path; text: string }> {
  if (typeof value === "string") yield { path, text: value };
  else if (Array.isArray(value)) for (const [index, entry] of value.entries()) yield* textsWithin(entry, [...path, index]);
  else if (typeof value === "object" && value !== null)
    for (const [key, entry] of Object.entries(value)) yield* textsWithin(entry, [...path, key]);
}

/** A value with the expressions of its texts evaluated. Throws an Error for one that has no value. */
export function evaluated(value: unknown, language: Language, variables: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === "string") {
    const parsed = language(value);
    return parsed === undefined ? value : parsed.evaluate(variables);
  }
  if (Array.isArray(value)) return value.map((entry) => evaluated(entry, language, variables));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, evaluated(entry, language, variables)]));
}
