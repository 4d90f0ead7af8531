import { celFunc, celMethod, CelScalar, isCelList, isCelMap, listType, type CelList, type CelValue } from "@bufbuild/cel";
import { fromCel } from "../cel.ts";
import { spend } from "../metered.ts";
import { countFunction, weighFunction } from "../syntax/instrumentation.ts";
import { weightOf } from "../weight.ts";
import { concat } from "./list-concat.ts";
import { replace } from "./texts.ts";

const { DYN, STRING } = CelScalar;
const anyList = listType(DYN);

/** Functions that CEL doesn't have, and some in place of the library's that overflow the stack or take memory before it is counted. */
export const own = [
  celFunc("_+_", [anyList, anyList], anyList, concat),
  celMethod("join", anyList, [], STRING, function () {
    return join(this, "");
  }),
  celMethod("join", anyList, [STRING], STRING, function (separator) {
    return join(this, separator);
  }),
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
