import { celFunc, celMethod, CelScalar, isCelList, isCelMap, listType, type CelList, type CelValue } from "@bufbuild/cel";
import { fromCel } from "./cel.ts";
import { countFunction, weighFunction } from "./instrumentation.ts";
import { concat } from "./list-concat.ts";
import { spend } from "./metered.ts";
import { weightOf } from "./weight.ts";

const { DOUBLE, DYN, INT, STRING } = CelScalar;
const anyList = listType(DYN);

/** Functions of our own, and some in place of CEL's that overflow the stack, take memory before it is counted, or take any text for a number. */
export const functions = [
  celFunc("_+_", [anyList, anyList], anyList, concat),
  celMethod("join", anyList, [], STRING, function () {
    return join(this, "");
  }),
  celMethod("join", anyList, [STRING], STRING, function (separator) {
    return join(this, separator);
  }),
  celMethod("replace", STRING, [STRING, STRING], STRING, function (old, by) {
    return replace(this, old, by, -1n);
  }),
  celMethod("replace", STRING, [STRING, STRING, INT], STRING, function (old, by, times) {
    return replace(this, old, by, times);
  }),
  celFunc("double", [STRING], DOUBLE, toDouble),
  celFunc("quote", [DYN], STRING, quote),
  celFunc(countFunction, [DYN], DYN, (range) => {
    if (isCelList(range) || isCelMap(range)) spend("items", range.size);
    return range;
  }),
  celFunc(weighFunction, [DYN], DYN, (value) => {
    weightOf(value);
    return value;
  }),
];

function join(list: CelList, separator: string): string {
  spend("characters", list.size * separator.length);
  const texts = [...list];
  if (texts.some((text) => typeof text !== "string")) throw new Error("join: the list has entries that are not text");
  return texts.join(separator);
}

/** The first `times` occurrences, or all where it is negative; the empty text occurs before each character and at the end. */
function replace(text: string, old: string, by: string, times: bigint): string {
  const parts = old === "" ? ["", ...text, ""] : text.split(old);
  const count = times < 0n ? parts.length - 1 : Math.min(parts.length - 1, Number(times));
  spend("characters", count * by.length);
  return [parts.slice(0, count + 1).join(by), ...parts.slice(count + 1)].join(old);
}

/** A value as a word of a POSIX shell; a list as a word for each of its entries. Maps, and lists within a list, are written as JSON. */
function quote(value: CelValue): string {
  const plain = fromCel(value);
  return Array.isArray(plain) ? plain.map(wordOf).join(" ") : wordOf(plain);
}

function wordOf(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  if (text.includes("\0")) throw new Error("quote: the text holds a NUL character, which no word of a shell can hold: take it out before");
  // Between single quotes a shell takes everything as it is, but a single quote itself.
  return `'${replace(text, "'", "'\\''", -1n)}'`;
}

function toDouble(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || (Number.isNaN(number) && text !== "NaN")) throw new Error(`"${text.slice(0, 40)}" is not a number`);
  return number;
}
