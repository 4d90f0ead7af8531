import { CelScalar, celFunc, celList, celMap, celMethod, isCelList, isCelMap, isCelUint, listType, mapType } from "@bufbuild/cel";
import type { CelList, CelMap, CelValue } from "@bufbuild/cel";
import { isReflectMessage } from "@bufbuild/protobuf/reflect";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import { spend } from "../metered.ts";
import { nanosOf } from "./conversions.ts";

const { BOOL, DYN, STRING } = CelScalar;
const LIST = listType(DYN);
const MAP = mapType(DYN, DYN);

/** What `.?name`, `[?key]` and entries with a `?` are made of; no expression can name them. */
export const selectFunction = "@optSelect";
export const indexFunction = "@optIndex";
export const listFunction = "@listOfOptionals";
export const mapFunction = "@mapOfOptionals";
export const valuesFunction = "@values";

/** Optional values are maps that only these functions can tell from others: what each of them holds, as a list of one value or none. */
const held = new WeakMap<CelMap, CelList>();

/** CEL's optional values: what may be there, and what to take where it isn't. */
export const optionals = [
  celFunc("optional.of", [DYN], MAP, some),
  celFunc("optional.none", [], MAP, none),
  celFunc("optional.ofNonZeroValue", [DYN], MAP, (value) => (isZero(value) ? none() : some(value))),
  celMethod("hasValue", MAP, [], BOOL, function () {
    return valueOf(this) !== undefined;
  }),
  celMethod("value", MAP, [], DYN, function () {
    const value = valueOf(this);
    if (value === undefined) throw new Error("the optional value isn't there: give another by orValue");
    return value;
  }),
  celMethod("orValue", MAP, [DYN], DYN, function (other) {
    const value = valueOf(this);
    return value === undefined ? other : value;
  }),
  celMethod("or", MAP, [MAP], MAP, function (other) {
    return valueOf(this) === undefined ? other : this;
  }),
  celMethod("first", LIST, [], MAP, function () {
    return optionalOf(this.get(0));
  }),
  celMethod("last", LIST, [], MAP, function () {
    return optionalOf(this.get(this.size - 1));
  }),
  celFunc("optional.unwrap", [LIST], LIST, unwrapped),
  celMethod("unwrapOpt", LIST, [], LIST, function () {
    return unwrapped(this);
  }),
  celFunc(selectFunction, [DYN, STRING], MAP, entry),
  celFunc(indexFunction, [DYN, DYN], MAP, entry),
  celFunc(listFunction, [LIST], LIST, (list) => celList(present([...list]))),
  celFunc(mapFunction, [LIST], MAP, mapOf),
  celFunc(valuesFunction, [MAP], LIST, valuesOf),
];

/** Whether a map is an optional value. */
export function isOptional(map: CelMap): boolean {
  return held.has(map);
}

/** The key under which an optional value has, for comparisons, what it holds: no text of an expression's is half a character. */
const tag = "\uD800";

function some(value: CelValue): CelMap {
  return optionalWith(celList([value]));
}

function none(): CelMap {
  return optionalWith(celList([]));
}

function optionalWith(values: CelList): CelMap {
  const optional = celMap(new Map([[tag, values]]));
  held.set(optional, values);
  return optional;
}

function optionalOf(value: CelValue | undefined): CelMap {
  return value === undefined ? none() : some(value);
}

function valuesOf(optional: CelMap): CelList {
  const values = held.get(optional);
  if (values === undefined) throw new Error("the value is not optional: write .?name, [?key] or optional.of(…)");
  return values;
}

function valueOf(optional: CelMap): CelValue | undefined {
  return valuesOf(optional).get(0);
}

/** What the optional values of a list hold, without those that aren't there. */
function unwrapped(optionals: CelList): CelList {
  return celList(present([...optionals].map((optional) => celList([optional, true]))));
}

/** What stands under a key, of what may itself be optional. */
function entry(of: CelValue, key: CelValue): CelMap {
  if (isCelMap(of) && isOptional(of)) {
    const value = valueOf(of);
    return value === undefined ? none() : entry(value, key);
  }
  if (isCelMap(of)) return optionalOf(of.get(key as Parameters<CelMap["get"]>[0]));
  // Of what has no entries, nothing is there.
  if (!isCelList(of)) return none();
  const index = Number(isCelUint(key) ? key.value : key);
  if (typeof key === "string" || typeof key === "boolean" || !Number.isInteger(index))
    throw new Error("an entry of a list is named by a whole number");
  return optionalOf(index < 0 ? undefined : of.get(index));
}

/** The entries that are there: each is a pair of a value, and whether it is optional. */
function present(entries: readonly CelValue[]): CelValue[] {
  spend("items", entries.length);
  return entries.flatMap((pair) => {
    const [value = null, isOptional] = isCelList(pair) ? [...pair] : [];
    if (isOptional !== true) return [value];
    if (!isCelMap(value) || !held.has(value)) throw new Error("what stands behind ? is not optional: leave ? out, or write optional.of(…)");
    const inner = valueOf(value);
    return inner === undefined ? [] : [inner];
  });
}

/** Of triples: a key, a value, and whether it is optional. */
function mapOf(triples: CelList): CelMap {
  const map = new Map<string, CelValue>();
  for (const triple of triples) {
    const [key = null, ...pair] = isCelList(triple) ? [...triple] : [];
    for (const value of present([celList(pair)])) map.set(key as string, value);
  }
  return celMap(map);
}

function isZero(value: CelValue): boolean {
  if (isCelList(value) || isCelMap(value)) return value.size === 0 && !(isCelMap(value) && held.has(value));
  if (value instanceof Uint8Array) return value.length === 0;
  if (isReflectMessage(value, DurationSchema)) return nanosOf(value) === 0n;
  return value === null || value === false || value === 0 || value === 0n || value === "" || (isCelUint(value) && value.value === 0n);
}
