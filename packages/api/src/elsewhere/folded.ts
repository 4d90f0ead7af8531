/** A name without what tools differ in: `continue-on-error`, `continue_on_error` and `continueOnError` are one. */
export function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, "");
}

/** Names with blanks between them, folded. */
export function namesIn(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).map(folded));
}
