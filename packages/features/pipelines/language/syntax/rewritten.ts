import { spanAt, type Span } from "./tokens.ts";

/** How what the parser doesn't know is written for it: a field, and a function, that no expression of a user's names. */
export const optionalField = "_plimsoll_optional_";
export const optionalFunction = "_plimsoll_optional";

/** A text in the syntax that the parser knows. */
export interface Rewritten {
  text: string;
  /** The character of the original, from 1 and by code points, that an offset in the new text is about, and its line. */
  place: (offset: number) => { line: number; character: number };
}

/**
 * Rewrites what CEL has and the parser doesn't: comments, `.?name`, `[?key]`. Throws an Error for what it would take for something else, or tell
 * from another place: an unknown escape, an int beyond 64 bits, a quote or a bracket that isn't closed.
 */
export function rewritten(source: string): Rewritten {
  const writer = new Writer(source);
  return { text: writer.text, place: (offset) => placeOf(source, writer.original(offset)) };
}

class Writer {
  text = "";
  readonly #source: string;
  /** Where the new text is longer: from which offset on, and by how much. */
  readonly #shifts: { from: number; by: number }[] = [];

  constructor(source: string) {
    this.#source = source;
    this.#write();
  }

  /** The offset in the source that stands for one in the new text. */
  original(offset: number): number {
    let shift = 0;
    for (const { from, by } of this.#shifts) if (offset >= from) shift += by;
    return Math.max(0, offset - shift);
  }

  #write(): void {
    const source = this.#source;
    /** The brackets that are open, and whether what stands in them since the last comma began with a `?`. */
    const open: { bracket: string; start: number; isOptional: boolean; conditionals: number }[] = [];
    let previous = "";
    for (let at = 0; at < source.length;) {
      const span = spanAt(source, at);
      if (span !== undefined) {
        const text = source.slice(span.start, span.end);
        if (!span.isClosed) throw new Error(unclosed(source, span, this.#at(at)));
        if (span.kind === "string") checkString(source, span);
        this.text += span.kind === "comment" ? " ".repeat(text.length) : text;
        if (span.kind === "string") previous = '"';
        at = span.end;
        continue;
      }
      const [token = ""] = /^(?:[A-Za-z_]\w*|0x[\da-f]+u?|\d+(?:\.\d+)?(?:e[-+]?\d+)?u?|\s+|[^])/i.exec(source.slice(at, at + 400)) ?? [];
      const inner = open.at(-1);
      if (token === "." && /^\.\?\s*[A-Za-z_]/.test(source.slice(at, at + 40))) {
        const blanks = /^\.\?(\s*)/.exec(source.slice(at))?.[1] ?? "";
        this.#put(`.${optionalField}`, 2 + blanks.length);
        at += 2 + blanks.length;
        previous = ".";
        continue;
      }
      if (token === "?" && (previous === "[" || previous === "{" || (previous === "," && inner !== undefined && inner.bracket !== "("))) {
        this.#put(`${optionalFunction}(`, 1);
        if (inner !== undefined) inner.isOptional = true;
      } else if (/^\d/.test(token)) {
        checkNumber(token, previous);
        this.text += token;
      } else {
        const ends = token === "," || token === "]" || (token === ":" && inner?.bracket === "{" && inner.conditionals === 0);
        if (ends && inner?.isOptional === true) {
          this.#put(")", 0);
          inner.isOptional = false;
        }
        if (token === "?" && inner !== undefined) inner.conditionals += 1;
        if (token === ":" && inner !== undefined && inner.conditionals > 0) inner.conditionals -= 1;
        if (token === "[" || token === "{" || token === "(") open.push({ bracket: token, start: at, isOptional: false, conditionals: 0 });
        if (token === "]" || token === "}" || token === ")") {
          const opening = open.pop();
          if (opening === undefined) throw new Error(`the ${token} ${this.#at(at)} closes nothing: take it out, or write what it closes`);
          const closing = closingOf[opening.bracket];
          if (closing !== token)
            throw new Error(
              `the ${token} ${this.#at(at)} stands where ${closing} must: it closes the ${opening.bracket} ${this.#at(opening.start)}`,
            );
        }
        this.text += token;
      }
      if (token.trim() !== "") previous = token;
      at += token.length;
    }
    const last = open.at(-1);
    if (last !== undefined)
      throw new Error(
        `the ${last.bracket} ${this.#at(last.start)} isn't closed: write ${closingOf[last.bracket]} behind what belongs to it`,
      );
  }

  /** The place of an offset in the source, for a message. */
  #at(offset: number): string {
    return placeText(placeOf(this.#source, offset));
  }

  /** Writes a text in place of so many characters. */
  #put(text: string, instead: number): void {
    this.text += text;
    this.#shifts.push({ from: this.text.length, by: text.length - instead });
  }
}

const escape = /\\(?:[abfnrtv\\?"'`]|[xX][\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-3][0-7]{2})|\\([^]?)/g;

/** What is said of a text in quotes that has no end: where `'it's'` stands, it is the last quote that has none. */
function unclosed(source: string, { start }: Span, at: string): string {
  const [quote = ""] = /["']/.exec(source.slice(start)) ?? [];
  const within = /\w$/.test(source.slice(0, start)) || source.slice(0, start).includes(quote);
  return `the ${quote} ${at} begins a text that isn't closed: write ${quote} at its end${within ? `; within a text a quote is written \\${quote}` : ""}`;
}

const closingOf: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** As in `at character 7`. */
export function placeText({ line, character }: ReturnType<Rewritten["place"]>): string {
  return `at character ${character}${line === 1 ? "" : ` of line ${line}`}`;
}

function checkString(source: string, { start, end, isRaw, isClosed }: Span): void {
  if (isRaw || !isClosed) return;
  for (const [, unknown] of source.slice(start, end).matchAll(escape))
    if (unknown !== undefined)
      throw new Error(
        `\\${unknown} is no escape in CEL: write \\\\${unknown} for a backslash, or r before the quotes, as in r"\\${unknown}"`,
      );
}

function checkNumber(token: string, previous: string): void {
  if (/[.e]/i.test(token) && !/^0x/i.test(token)) return;
  const isUnsigned = /u$/i.test(token);
  const value = BigInt(token.replace(/u$/i, ""));
  const most = isUnsigned ? 2n ** 64n - 1n : previous === "-" ? 2n ** 63n : 2n ** 63n - 1n;
  if (value > most) throw new Error(`${token} is beyond what ${isUnsigned ? "a uint" : "an int"} can hold, which is ${most}`);
}

function placeOf(source: string, offset: number): { line: number; character: number } {
  const before = source.slice(0, offset).split("\n");
  return { line: before.length, character: [...(before.at(-1) ?? "")].length + 1 };
}
