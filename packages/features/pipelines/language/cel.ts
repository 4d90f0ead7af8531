import { celType, isCelList, isCelMap, isCelUint, type CelInput, type CelValue } from "@bufbuild/cel";
import { isOptional } from "./functions/optionals.ts";
import { typeNamed, unfitForJson } from "./syntax/types.ts";

/** A JSON value as CEL sees it: whole numbers are ints, other numbers doubles. */
export function toCel(value: unknown): CelInput {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value === "object" && value !== null) return new Map(Object.entries(value).map(([key, entry]) => [key, toCel(entry)]));
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "bigint") return value;
  return null;
}

/** A CEL value as JSON has it. Throws an Error for what JSON can't hold: bytes, types, messages. */
export function fromCel(value: CelValue): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw new Error(`the value is ${value}, for which JSON has no number: use string(), or a condition before it`);
  }
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (isCelUint(value)) return fromCel(value.value);
  if (isCelList(value)) return Array.from(value, fromCel);
  if (isCelMap(value) && isOptional(value)) throw new Error("the value is optional: say by orValue what to take where it isn't there");
  if (isCelMap(value)) return Object.fromEntries([...value].map(([key, entry]) => [keyOf(key), fromCel(entry)]));
  const unfit = unfitForJson(typeNamed(celType(value).name));
  if (unfit !== undefined) throw new Error(`the value is ${unfit}`);
  throw new Error("the value is neither text, number, boolean, list nor map");
}

/** `{1: "a"}` is a map in CEL; which text its key is, it doesn't say: 1, 1u and 1.0 would be the same. */
function keyOf(key: CelValue): string {
  if (typeof key === "string") return key;
  throw new Error(`the map has the key ${String(fromCel(key))}, which is no text, and JSON has no others: write string() around it`);
}
