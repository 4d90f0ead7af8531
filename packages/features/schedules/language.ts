/** A text with expressions, parsed. */
interface Value {
  /** The variables that it names. */
  variables: ReadonlySet<string>;
  /** What it gives, as JSON has it. Throws an Error that says what is wrong. */
  evaluate: (variables: Readonly<Record<string, unknown>>) => unknown;
}

/** The language of expressions, which another feature has: undefined for a text without any. Throws an Error for what can't be parsed. */
export type Language = (text: string) => Value | undefined;
