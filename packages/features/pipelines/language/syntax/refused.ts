import { parse } from "@bufbuild/cel";
import { messageOf } from "@plimsoll/kube/message";
import { spanAt } from "./tokens.ts";

/** Where a text is no expression, and the parser's words on it. */
export interface Refused {
  what: string;
  offset: number;
}

/**
 * What the parser's error says. It goes back to where it last could have ended, before a call or a bracket: what is wrong within is looked for by
 * parsing each part of it alone. Undefined for an error without a place.
 */
export function refusedIn(text: string, error: unknown): Refused | undefined {
  const [, line, column, what = ""] = /<input>:(\d+):(\d+): (.*)/s.exec(messageOf(error)) ?? [];
  if (column === undefined) return undefined;
  const before = text.split("\n").slice(0, Number(line) - 1);
  const offset = before.reduce((all, one) => all + one.length + 1, 0) + Number(column) - 1;
  const [opening] = /^(?:\.?\s*\w+\s*)?[([{]/.exec(text.slice(offset)) ?? [];
  if (opening === undefined) return { what, offset };
  for (const { part, start } of partsOf(text, offset + opening.length)) {
    if (part.trim() === "") continue;
    try {
      parse(part);
    } catch (inner) {
      const found = refusedIn(part, inner);
      if (found !== undefined) return { ...found, offset: start + found.offset };
    }
  }
  return { what, offset };
}

/** What stands between brackets, from behind the opening one, at its commas and the colons of maps. */
function partsOf(text: string, from: number): { part: string; start: number }[] {
  const parts: { part: string; start: number }[] = [];
  const isMap = text[from - 1] === "{";
  let depth = 0;
  let start = from;
  for (let at = from; at < text.length;) {
    const span = spanAt(text, at);
    if (span !== undefined) {
      at = span.end;
      continue;
    }
    const character = text[at] ?? "";
    const closes = ")]}".includes(character);
    if (depth === 0 && (closes || character === "," || (isMap && character === ":"))) {
      parts.push({ part: text.slice(start, at), start });
      if (closes) break;
      start = at + 1;
    }
    if ("([{".includes(character)) depth += 1;
    if (closes) depth -= 1;
    at += 1;
  }
  return parts;
}
