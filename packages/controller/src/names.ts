/** The names of a list with commas between them, each once. Throws an Error for what cannot be a name. */
export function parseNames(text: string): string[] {
  const names = [...new Set(text.split(",").map((name) => name.trim()))];
  const bad = names.find((name) => !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name));
  if (bad !== undefined) throw new Error(`"${bad}" is no name: give names with commas between them, as in a,b`);
  return names;
}
