import { CelScalar, celFunc, celList, celMap, celMethod, celUint, isCelList, isCelMap, isCelUint, listType, mapType } from "@bufbuild/cel";
import type { CelList, CelMap, CelValue } from "@bufbuild/cel";
import { spend } from "../metered.ts";
import { isReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { durationOf, nanosOf } from "./conversions.ts";
import { isEqual } from "./equality.ts";
import { compareTexts } from "./texts.ts";

const { BOOL, DOUBLE, DYN, INT, STRING, UINT } = CelScalar;
const LIST = listType(DYN);
const MAP = mapType(DYN, DYN);

/** What no expression can name: macros are written with them. */
export const pairsFunction = "@pairs";
export const sortFunction = "@sortByKeys";
export const mapFunction = "@mapOfPairs";
export const unionFunction = "@union";
export const hasFunction = "@has";

/** The functions on lists, sets and maps that Kubernetes' CEL has, and what macros with two variables are made of. */
export const lists = [
  celMethod("sort", LIST, [], LIST, function () {
    return sorted([...this], [...this]);
  }),
  celFunc(sortFunction, [LIST], LIST, (pairs) => {
    const entries = [...pairs].map(pairOf);
    return sorted(
      entries.map(([value]) => value),
      entries.map(([, key]) => key),
    );
  }),
  celMethod("isSorted", LIST, [], BOOL, function () {
    const all = counted(this);
    return all.every((value, index) => compare(all[Math.max(0, index - 1)] ?? null, value) <= 0);
  }),
  celMethod("slice", LIST, [INT, INT], LIST, function (from, to) {
    const size = BigInt(this.size);
    if (from < 0n || to < from || to > size) throw new Error(`slice(${from}, ${to}): the list has ${size} entries`);
    return celList(counted(this).slice(Number(from), Number(to)));
  }),
  celMethod("flatten", LIST, [], LIST, function () {
    return celList(flat(this, 1n));
  }),
  celMethod("flatten", LIST, [INT], LIST, function (depth) {
    if (depth < 0n) throw new Error(`flatten(${depth}): the depth can't be negative`);
    return celList(flat(this, depth));
  }),
  celMethod("distinct", LIST, [], LIST, function () {
    return celList(distinct(counted(this)));
  }),
  celMethod("reverse", LIST, [], LIST, function () {
    return celList(counted(this).toReversed());
  }),
  celMethod("sum", LIST, [], DYN, function () {
    return sum(counted(this));
  }),
  celMethod("min", LIST, [], DYN, function () {
    return extreme(counted(this), "min", -1);
  }),
  celMethod("max", LIST, [], DYN, function () {
    return extreme(counted(this), "max", 1);
  }),
  celMethod("indexOf", LIST, [DYN], INT, function (value) {
    return BigInt(counted(this).findIndex((one) => isEqual(one, value)));
  }),
  celMethod("lastIndexOf", LIST, [DYN], INT, function (value) {
    return BigInt(counted(this).findLastIndex((one) => isEqual(one, value)));
  }),
  celFunc("lists.range", [INT], listType(INT), (size) => {
    const length = Math.max(0, Number(size));
    spend("items", length);
    return celList(Array.from({ length }, (_, index) => BigInt(index)));
  }),
  celFunc("sets.contains", [LIST, LIST], BOOL, (list, part) => isWithin(part, list)),
  celFunc("sets.equivalent", [LIST, LIST], BOOL, (a, b) => isWithin(a, b) && isWithin(b, a)),
  celFunc("sets.intersects", [LIST, LIST], BOOL, (a, b) => counted(a).some((one) => counted(b).some((other) => isEqual(one, other)))),
  celFunc(pairsFunction, [DYN], LIST, pairs),
  celFunc(mapFunction, [LIST], MAP, (entries) => celMap(new Map(counted(entries).map(pairOf)))),
  celFunc(unionFunction, [LIST], MAP, (maps) => union(counted(maps))),
  // The library takes what is null for missing.
  celFunc(hasFunction, [DYN, STRING], BOOL, (of, key) => {
    if (isCelList(of)) throw new Error(`"${key}" is asked of a list, which has no fields`);
    return isCelMap(of) && holds(of, key);
  }),
  ...[STRING, DOUBLE, INT, BOOL, UINT].map((type) => celFunc("@in", [type, MAP], BOOL, (key, map) => holds(map, key))),
];

function counted(list: CelList): CelValue[] {
  spend("items", list.size);
  return [...list];
}

function sorted(list: readonly CelValue[], keys: readonly CelValue[]): CelList {
  const [first] = keys;
  // Of one entry, too, it must be of a kind that has an order; numbers of different kinds are compared, but not sorted.
  if (first !== undefined) compare(first, first);
  if (keys.some((key) => kindOf(key) !== kindOf(first ?? null)))
    throw new Error("the list's entries can't be sorted: they must be all of one type; write double() around whole numbers among others");
  spend("items", list.length * Math.ceil(Math.log2(list.length + 2)));
  const order = keys.map((key, index) => ({ key, index })).sort((a, b) => compare(a.key, b.key) || a.index - b.index);
  return celList(order.map(({ index }) => list[index] ?? null));
}

/** Numbers, durations and times by their value, texts by their characters, bytes, false before true. Throws an Error for what has no order, or of different kinds. */
function compare(a: CelValue, b: CelValue): number {
  const [left, right] = isReflectMessage(a) && kindOf(a) === kindOf(b) ? [timeOf(a), timeOf(b)] : [numberOf(a), numberOf(b)];
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  throw new Error(
    "the list's entries can't be put in order: they must be all numbers, all texts, all true or false, all times or all durations",
  );
}

function kindOf(value: CelValue): string {
  if (isCelUint(value)) return "uint";
  if (isReflectMessage(value)) return value.desc.typeName;
  return value instanceof Uint8Array ? "bytes" : typeof value;
}

function numberOf(value: CelValue): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  return isCelUint(value) ? value.value : undefined;
}

/** Nanoseconds. */
function timeOf(value: CelValue): bigint | undefined {
  return isReflectMessage(value, DurationSchema) || isReflectMessage(value, TimestampSchema) ? nanosOf(value) : undefined;
}

function sum(values: readonly CelValue[]): CelValue {
  if (values.every((value) => typeof value === "bigint")) {
    const total = values.reduce((all, value) => all + value, 0n);
    if (BigInt.asIntN(64, total) !== total) throw new Error("sum: it is beyond what an int can hold");
    return total;
  }
  if (values.every(isCelUint)) {
    const total = values.reduce((all, { value }) => all + value, 0n);
    if (BigInt.asUintN(64, total) !== total) throw new Error("sum: it is beyond what a uint can hold");
    return celUint(total);
  }
  const durations = values.flatMap((value) => (isReflectMessage(value, DurationSchema) ? [nanosOf(value)] : []));
  if (durations.length === values.length) return reflect(DurationSchema, durationOf(durations.reduce((all, nanos) => all + nanos, 0n)));
  if (values.every((value) => typeof value === "number")) return values.reduce((all, value) => all + value, 0);
  throw new Error("sum: the entries must be all whole numbers, all doubles or all durations");
}

function extreme(values: readonly CelValue[], name: string, sign: number): CelValue {
  const [first] = values;
  if (first === undefined) throw new Error(`${name}: the list is empty`);
  return values.reduce((best, value) => (compare(value, best) * sign > 0 ? value : best), first);
}

function flat(list: CelList, depth: bigint): CelValue[] {
  return counted(list).flatMap((value) => (depth > 0n && isCelList(value) ? flat(value, depth - 1n) : [value]));
}

function distinct(values: readonly CelValue[]): CelValue[] {
  const found: CelValue[] = [];
  for (const value of values) {
    spend("items", found.length);
    if (!found.some((one) => isEqual(one, value))) found.push(value);
  }
  return found;
}

function isWithin(part: CelList, list: CelList): boolean {
  return counted(part).every((one) => counted(list).some((other) => isEqual(one, other)));
}

/** Places and entries of a list, keys and values of a map. */
function pairs(range: CelValue): CelList {
  if (isCelMap(range)) return celList(entriesOf(range).map((entry) => celList(entry)));
  if (isCelList(range)) return celList(counted(range).map((value, index) => celList([BigInt(index), value])));
  throw new Error("only lists and maps can be gone through");
}

type Key = Exclude<Parameters<CelMap["get"]>[0], number>;

function entriesOf(map: CelMap): [Key, CelValue][] {
  spend("items", map.size);
  return [...map].map(([key, value]) => [key as Key, value]);
}

function pairOf(entry: CelValue): [Key, CelValue] {
  const [key, value] = isCelList(entry) ? [...entry] : [];
  return [key as Key, value ?? null];
}

/** All entries of several maps. Throws an Error where two have the same key. */
function union(maps: readonly CelValue[]): CelMap {
  const entries = maps.flatMap((map) => {
    if (!isCelMap(map)) throw new Error("transformMapEntry: what is behind the variables must give a map, as in {v: k}");
    return entriesOf(map);
  });
  const all = new Map<string, [Key, CelValue]>();
  for (const entry of entries) {
    const [key] = entry;
    // Numbers of all kinds that are equal are one key.
    const name = numberOf(key)?.toString() ?? JSON.stringify(key);
    if (all.has(name)) throw new Error(`transformMapEntry: two entries have the key ${name}`);
    all.set(name, entry);
  }
  return celMap(new Map(all.values()));
}

function holds(map: CelMap, key: CelValue): boolean {
  return map.get(key as Key) !== undefined;
}
