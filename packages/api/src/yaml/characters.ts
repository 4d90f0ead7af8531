import { isJson } from "./json-texts.ts";

/** What is amiss with a text's characters, and the place of the first. */
interface Amiss {
  message: string;
  offset: number;
}

/** A text without the byte order marks that begin its documents, and with a line feed at the end of each line, also where an old Mac's is. */
export function withPlainLines(text: string): string {
  return text.replaceAll(/(^|\n(?:---|\.\.\.)[ \t]*\r?\n)\uFEFF/g, "$1").replaceAll(/\r(?!\n)/g, "\n");
}

/** A text that begins so is JSON to kubectl, if it is that. */
export function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** A character that no YAML may hold as it is, or no JSON. */
export function forbiddenIn(text: string): Amiss | undefined {
  const forbidden = looksLikeJson(text) ? /(?![\t\n\r\x7f-\x9f])\p{Cc}/u : /(?![\t\n\r\x85])[\p{Cc}\ufffe\uffff]/u;
  const found = forbidden.exec(text);
  if (found === null) return undefined;
  const isWide = found[0] === "\0" && text.split("\0").length > text.length / 3;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).padStart(4, "0");
  return {
    message: isWide
      ? "is UTF-16: save it as UTF-8"
      : `holds the control character U+${code.toUpperCase()}: take it out, or write \\u${code} in double quotes`,
    offset: found.index,
  };
}

/** A comment of JavaScript's or C's, which JSON has none of, and YAML takes for a key. */
export function commentInJson(text: string): Amiss | undefined {
  if (!/^\s*[{[/]/.test(text) || !/(?:^|[[\]{},"\w])[ \t]*\/[/*]/m.test(text)) return undefined;
  let offset: number | undefined;
  const json = text.replaceAll(/("(?:[^"\\\n]|\\.)*")|\/\/.*|\/\*[^]*?\*\//g, (_, quoted: string | undefined, at: number) => {
    if (quoted === undefined) offset ??= at;
    return quoted ?? " ";
  });
  if (offset === undefined || !isJson(json.replaceAll(/,(?=\s*[}\]])/g, ""))) return undefined;
  return { message: "JSON has no comments: take this one out, or begin it with # in a line of its own: then it is YAML", offset };
}

/** A line's end in YAML 1.1 alone. */
export function endOfLineIn11(text: string): Amiss | undefined {
  const found = looksLikeJson(text) ? null : /[\u0085\u2028\u2029]/.exec(text);
  if (found === null) return undefined;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).padStart(4, "0").toUpperCase();
  return {
    message: `holds U+${code}, which ends a line to kubectl and Helm, which read YAML 1.1: take it out, or write \\u${code} in double quotes`,
    offset: found.index,
  };
}

/** A directive of YAML's: kubectl cuts the text after it. */
export function directiveIn(text: string): Amiss | undefined {
  const found = /^%(?:YAML|TAG)\b/m.exec(text);
  return found === null ? undefined : { message: `${found[0]}: kubectl reads no file with such a line: take it out`, offset: found.index };
}
