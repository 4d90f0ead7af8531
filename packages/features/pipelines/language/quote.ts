/**
 * A value as one word of a POSIX shell's script, or a list as so many words: nothing in it is taken for anything but text.
 * Throws an Error for a NUL character, which no word can hold.
 */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return value.map(quote).join(" ");
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.includes("\0")) throw new Error("quote: the value holds a NUL character, which no word of a shell can: take it out");
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
