const disjunction = new Intl.ListFormat("en-GB", { type: "disjunction" });
const conjunction = new Intl.ListFormat("en-GB", { type: "conjunction" });

/** `a, b or c`. */
export function or(words: Iterable<string>): string {
  return disjunction.format(words);
}

/** `a, b and c`. */
export function and(words: Iterable<string>): string {
  return conjunction.format(words);
}

/** A name with its article, by its first letter: `an Order`. */
export function withArticle(name: string): string {
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}
