/** The names of a list with commas between them, each once. */
export function namesIn(text: string): string[] {
  return [...new Set(text.split(",").map((name) => name.trim()))];
}

/** What a namespace's name looks like (RFC 1123, a label); it has at most 63 characters. */
export const namespacePattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

export const namespaceRule = "give at most 63 lower-case letters and digits, with dashes between them";

/** Throws an Error for what cannot be a namespace's name. */
export function checkNamespace(name: string): void {
  if (name.length > 63 || !namespacePattern.test(name)) throw new Error(`"${name}" is not the name of a namespace: ${namespaceRule}`);
}
