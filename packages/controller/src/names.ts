import { labelPattern } from "@plimsoll/api";

/** The names of a list with commas between them, each once. */
export function namesIn(text: string): string[] {
  return [...new Set(text.split(",").map((name) => name.trim()))];
}

export const namespaceRule = "give at most 63 lower-case letters and digits, with dashes between them";

/** Throws an Error for what cannot be a namespace's name. */
export function checkNamespace(name: string): void {
  if (name.length > 63 || !labelPattern.test(name)) throw new Error(`"${name}" is not the name of a namespace: ${namespaceRule}`);
}
