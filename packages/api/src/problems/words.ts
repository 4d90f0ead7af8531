/** `a, b or c`. */
export function or(words: Iterable<string>): string {
  return listed("disjunction", words);
}

/** `a, b and c`. */
export function and(words: Iterable<string>): string {
  return listed("conjunction", words);
}

const formats: Partial<Record<Intl.ListFormatType, Intl.ListFormat>> = {};

/** Made when it is first needed: the first of them takes some 20 ms, which most programs can do without. */
function listed(type: Intl.ListFormatType, words: Iterable<string>): string {
  return (formats[type] ??= new Intl.ListFormat("en-GB", { type })).format(words);
}

/** A name with its article, by its first letter: `an Order`. */
export function withArticle(name: string): string {
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}

/** `1 entry`, `2 entries`. */
export function count(number: number, one: string, several = `${one}s`): string {
  return `${number} ${number === 1 ? one : several}`;
}
