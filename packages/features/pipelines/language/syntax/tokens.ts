/** A part of an expression's text that is a string or a comment: what stands in it is no syntax. */
export interface Span {
  kind: "string" | "comment";
  start: number;
  /** Behind its last character; of a string that isn't closed, the end of the text. */
  end: number;
  isRaw: boolean;
  isClosed: boolean;
}

/** The string or the comment that begins at a place of a text; undefined where none does. */
export function spanAt(text: string, start: number): Span | undefined {
  if (text.startsWith("//", start)) {
    const end = text.indexOf("\n", start);
    return { kind: "comment", start, end: end < 0 ? text.length : end, isRaw: false, isClosed: true };
  }
  const [opening, prefix = "", quote = ""] = /^([rRbB]{0,2})("""|'''|"|')/.exec(text.slice(start, start + 5)) ?? [];
  if (opening === undefined || (prefix !== "" && /\w/.test(text[start - 1] ?? ""))) return undefined;
  const isRaw = /r/i.test(prefix);
  for (let at = start + opening.length; at < text.length; at += 1) {
    if (text[at] === "\\" && !isRaw) at += 1;
    else if (text.startsWith(quote, at)) return { kind: "string", start, end: at + quote.length, isRaw, isClosed: true };
    else if (quote.length === 1 && text[at] === "\n") break;
  }
  return { kind: "string", start, end: text.length, isRaw, isClosed: false };
}
