import { CelScalar, celFunc, celList, celMethod, listType, type CelList } from "@bufbuild/cel";
import { spend } from "../metered.ts";

const { BOOL, INT, STRING } = CelScalar;
const TEXTS = listType(STRING);

/** What cel-go's strings extension does with characters, where JavaScript has UTF-16. */
export const texts = [
  celMethod("charAt", STRING, [INT], STRING, function (index) {
    const letters = lettersOf(this);
    return letters[within(index, letters.length)] ?? "";
  }),
  celMethod("indexOf", STRING, [STRING], INT, function (part) {
    return indexFrom(this, part, 0n);
  }),
  celMethod("indexOf", STRING, [STRING, INT], INT, function (part, from) {
    return indexFrom(this, part, from);
  }),
  celMethod("lastIndexOf", STRING, [STRING], INT, function (part) {
    const letters = lettersOf(this);
    if (letters.length === 0 || part === "") return part === "" ? BigInt(letters.length) : -1n;
    return lastIndexFrom(this, part, BigInt(letters.length - 1));
  }),
  celMethod("lastIndexOf", STRING, [STRING, INT], INT, function (part, from) {
    return lastIndexFrom(this, part, from);
  }),
  celMethod("substring", STRING, [INT], STRING, function (start) {
    const letters = lettersOf(this);
    return letters.slice(within(start, letters.length)).join("");
  }),
  celMethod("substring", STRING, [INT, INT], STRING, function (start, end) {
    const letters = lettersOf(this);
    const [from, to] = [within(start, letters.length), within(end, letters.length)];
    if (from > to) throw new Error(`substring: ${start} is behind ${end}`);
    return letters.slice(from, to).join("");
  }),
  celMethod("split", STRING, [STRING], TEXTS, function (separator) {
    return split(this, separator, -1n);
  }),
  celMethod("split", STRING, [STRING, INT], TEXTS, function (separator, most) {
    return split(this, separator, most);
  }),
  celMethod("replace", STRING, [STRING, STRING], STRING, function (old, by) {
    return replace(this, old, by, -1n);
  }),
  celMethod("replace", STRING, [STRING, STRING, INT], STRING, function (old, by, times) {
    return replace(this, old, by, times);
  }),
  celMethod("reverse", STRING, [], STRING, function () {
    return lettersOf(this).toReversed().join("");
  }),
  celFunc("_<_", [STRING, STRING], BOOL, (a, b) => compareTexts(a, b) < 0),
  celFunc("_<=_", [STRING, STRING], BOOL, (a, b) => compareTexts(a, b) <= 0),
  celFunc("_>_", [STRING, STRING], BOOL, (a, b) => compareTexts(a, b) > 0),
  celFunc("_>=_", [STRING, STRING], BOOL, (a, b) => compareTexts(a, b) >= 0),
];

/** The first `times` occurrences, or all where it is negative; the empty text occurs before each character and at the end. */
export function replace(text: string, old: string, by: string, times: bigint): string {
  const parts = old === "" ? ["", ...text, ""] : text.split(old);
  const count = times < 0n ? parts.length - 1 : Math.min(parts.length - 1, Number(times));
  spend("characters", count * by.length);
  return [parts.slice(0, count + 1).join(by), ...parts.slice(count + 1)].join(old);
}

/** By code points, as UTF-8 orders them. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  // Where a pair of surrogates is told apart by its second half, the first is the same.
  const isLow = (text: string): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  const from = at > 0 && (isLow(a) || isLow(b)) ? at - 1 : at;
  return (a.codePointAt(from) ?? -1) - (b.codePointAt(from) ?? -1);
}

function lettersOf(text: string): string[] {
  spend("characters", 8 * text.length);
  return [...text];
}

function within(index: bigint, length: number): number {
  if (index < 0n || index > BigInt(length)) throw new Error(`${index} is outside of the text, which has ${length} characters`);
  return Number(index);
}

function indexFrom(text: string, part: string, from: bigint): bigint {
  if (from < 0n) throw new Error(`indexOf: ${from} is before the text`);
  if (part === "") return from;
  const letters = lettersOf(text);
  if (from >= BigInt(letters.length)) return -1n;
  const rest = letters.slice(Number(from)).join("");
  const at = rest.indexOf(part);
  return at < 0 ? -1n : from + BigInt(lettersOf(rest.slice(0, at)).length);
}

function lastIndexFrom(text: string, part: string, from: bigint): bigint {
  if (part === "") return from;
  if (from < 0n) throw new Error(`lastIndexOf: ${from} is before the text`);
  const letters = lettersOf(text);
  if (from >= BigInt(letters.length)) return -1n;
  // The last that begins at `from` or before it.
  const reach = letters.slice(0, Number(from) + [...part].length).join("");
  const at = reach.lastIndexOf(part);
  return at < 0 ? -1n : BigInt(lettersOf(reach.slice(0, at)).length);
}

/** At most so many parts, the last of which is the rest; all of them where the number is negative. */
function split(text: string, separator: string, most: bigint): CelList {
  if (most === 0n) return celList([]);
  const parts = separator === "" ? lettersOf(text) : text.split(separator);
  if (most < 0n || most >= BigInt(parts.length)) return celList(parts);
  const kept = Number(most) - 1;
  return celList([...parts.slice(0, kept), parts.slice(kept).join(separator)]);
}
