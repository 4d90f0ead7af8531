import { parseJson } from "./json.ts";

/**
 * The JSON values of a text, each undefined where it's none: one, with or without something before the first brace; several with nothing or
 * anything between them; those of an array that was cut; or one in a field of a row of CSV. Empty for the row with the fields' names.
 */
export function valuesIn(text: string): unknown[] {
  const brace = text.indexOf("{");
  if (brace < 0 && /^[\w@"][^{}[\]]*$/.test(text) && /@message|log_s/.test(text)) return [];
  const value = parseJson(text) ?? (brace > 0 ? parseJson(text.slice(brace)) : undefined);
  if (value !== undefined) return [value];
  const quoted = text.indexOf('"{""');
  const row = quoted < 0 ? undefined : parseJson(text.slice(quoted + 1, text.lastIndexOf('}"') + 1).replaceAll('""', '"'));
  if (row !== undefined) return [row];
  const pieces = piecesOf(text);
  return pieces.length === 0 ? [undefined] : pieces.map((piece) => parseJson(piece));
}

/** Objects and arrays that stand side by side, the last perhaps without its end; a string's braces are none. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"?|[{}[\]]/gs)) {
    if (token === "{" || token === "[") {
      if (depth++ === 0) start = index;
    } else if ((token === "}" || token === "]") && depth > 0 && --depth === 0) pieces.push(text.slice(start, index + 1));
  }
  if (depth === 0) return pieces;
  const rest = text.slice(start);
  return [...pieces, ...(rest.startsWith("[") ? piecesOf(rest.slice(1)) : [rest])];
}
