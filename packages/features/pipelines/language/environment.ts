import {
  celEnv,
  celFunc,
  celList,
  celListConcat,
  celMethod,
  CelScalar,
  isCelError,
  isCelList,
  isCelMap,
  listType,
  type CelFunc,
  type CelList,
  type CelResult,
  type CelValue,
} from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import { fromCel } from "./cel.ts";
import { spend } from "./meter.ts";
import { counting, weighing } from "./metered.ts";
import { quote } from "./quote.ts";
import { setWeight, weightOf } from "./weight.ts";

const { DOUBLE, DYN, INT, STRING } = CelScalar;
const anyList = listType(DYN);

/** The lists that a longer list is made of, none of them longer than the one before. */
const partsOf = new WeakMap<CelList, CelList[]>();

/**
 * `map` and `filter` put their results together one at a time. Kept as a list in a list in a list, some thousands
 * would overflow the stack; so equal parts are joined, as a binary counter carries.
 */
function concat(a: CelList, b: CelList): CelList {
  const parts = [...(partsOf.get(a) ?? [a]), b];
  for (
    let last = parts.at(-1), before = parts.at(-2);
    last && before && before.size <= last.size;
    last = parts.at(-1), before = parts.at(-2)
  ) {
    spend("characters", 8 * (before.size + last.size));
    parts.splice(-2, 2, celList([...before, ...last]));
  }
  const list = celListConcat(...parts);
  setWeight(list, weightOf(a) + weightOf(b));
  partsOf.set(list, parts);
  return list;
}

function join(list: CelList, separator = ""): string {
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

const functions = celEnv({
  funcs: [
    ...strings,
    celFunc("_+_", [anyList, anyList], anyList, concat),
    celMethod("join", anyList, [], STRING, function () {
      return join(this);
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
    celFunc("quote", [DYN], STRING, (value) => quote(fromCel(value))),
    celFunc("double", [STRING], DOUBLE, (text) => {
      const number = Number(text);
      if (text.trim() === "" || (Number.isNaN(number) && text !== "NaN")) throw new Error(`"${text.slice(0, 40)}" is not a number`);
      return number;
    }),
    celFunc(counting, [DYN], DYN, (range) => {
      if (isCelList(range) || isCelMap(range)) spend("items", range.size);
      return range;
    }),
    celFunc(weighing, [DYN], DYN, (value) => {
      weightOf(value);
      return value;
    }),
  ],
}).funcs;

/** Functions that go through their lists and maps, and not only take them; of two that are compared, both must be such. */
const readers = new Set(["@in", "join", "format", "quote"]);
const comparing = new Set(["_==_", "_!=_"]);

/** Functions that take each character as a value of its own. */
const slow = new Set(["split", "lowerAscii", "upperAscii", "strings.quote"]);

/** A function that counts the characters that it reads and makes. */
function charged(func: CelFunc): CelFunc {
  const call = (id: number, target: CelValue | undefined, args: CelValue[]): CelResult | undefined => {
    const result = func.call(id, target, args);
    if (result !== undefined)
      spend(
        "characters",
        costOf(func.name, target === undefined ? args : [target, ...args]) + (isCelError(result) ? 0 : costOf("", [result])),
      );
    return result;
  };
  return Object.create(func, { call: { value: call } }) as CelFunc;
}

function costOf(name: string, values: readonly CelValue[]): number {
  const [first, second] = values;
  // A regular expression is worked through at each character.
  if (name === "matches" && typeof first === "string" && typeof second === "string")
    return Math.ceil(((1 + first.length) * (1 + second.length)) / 8);
  const isReader = readers.has(name) || (comparing.has(name) && values.every((value) => isCelList(value) || isCelMap(value)));
  // What is in a map is looked up.
  const isRead = (value: CelValue): boolean => isReader && (isCelList(value) || (isCelMap(value) && name !== "@in"));
  const read = (value: CelValue): number => (isRead(value) ? weightOf(value) : lengthOf(value));
  return values.reduce<number>((total, value) => total + read(value), 0) * (slow.has(name) ? 8 : 1);
}

function lengthOf(value: CelValue): number {
  return typeof value === "string" || value instanceof Uint8Array ? value.length : 0;
}

/** CEL with its strings extension. */
export const environment = celEnv({ funcs: [...functions].map(charged) });

/** Names of the functions that an expression can call. */
export const functionNames: ReadonlySet<string> = new Set(
  [...environment.funcs].map(({ name }) => name).filter((name) => /^[a-z]/i.test(name)),
);
