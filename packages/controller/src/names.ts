/** The names of a list with commas between them, each once. */
export function namesIn(text: string): string[] {
  return [...new Set(text.split(",").map((name) => name.trim()))];
}

/** Throws an Error for what cannot be a namespace's name (RFC 1123, a label). */
export function checkNamespace(name: string): void {
  if (name.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
    throw new Error(`"${name}" is not the name of a namespace: give at most 63 lower-case letters and digits, with dashes between them`);
  }
}
