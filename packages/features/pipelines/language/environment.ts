import { celEnv, isCelError, isCelList, isCelMap, type CelEnv, type CelFunc, type CelResult, type CelValue } from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import { functions } from "./functions/index.ts";
import { patternFunctions } from "./functions/regexes.ts";
import { spend } from "./metered.ts";
import type { Overloads } from "./syntax/types.ts";
import { weightOf } from "./weight.ts";

/** Functions that go through their lists and maps, and not only take them; of two that are compared, both must be such. */
const readers = new Set([
  "@in",
  "join",
  "format",
  "quote",
  "sort",
  "distinct",
  "reverse",
  "flatten",
  "indexOf",
  "lastIndexOf",
  "sum",
  "min",
  "max",
]);
const comparing = new Set(["_==_", "_!=_"]);

/** Functions that take each character as a value of its own, or all digits as one number, however many there are. */
const slow = new Set(["split", "lowerAscii", "upperAscii", "strings.quote", "quantity", "isQuantity", "duration"]);

/** CEL with its strings extension and our functions, each of which counts what it reads and makes. */
export const environment: CelEnv = celEnv({ funcs: [...celEnv({ funcs: [...strings, ...functions] }).funcs].map(charged) });

/** Names of the functions that an expression can call. */
export const functionNames: ReadonlySet<string> = new Set(
  [...environment.funcs].map(({ name }) => name).filter((name) => /^[a-z]/i.test(name)),
);

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
  if (patternFunctions.has(name) && typeof first === "string" && typeof second === "string")
    return Math.ceil(((1 + first.length) * (1 + second.length)) / 8);
  const isReader = readers.has(name) || (comparing.has(name) && values.every((value) => isCelList(value) || isCelMap(value)));
  // What is in a map is looked up.
  const isRead = (value: CelValue): boolean => isReader && (isCelList(value) || (isCelMap(value) && name !== "@in"));
  const cost = (value: CelValue): number => (isRead(value) ? weightOf(value) : lengthOf(value));
  return values.reduce<number>((total, value) => total + cost(value), 0) * (slow.has(name) ? 8 : 1);
}

function lengthOf(value: CelValue): number {
  return typeof value === "string" || value instanceof Uint8Array ? value.length : 0;
}

/** The overloads of each function, for what can be told before anything is evaluated. */
export const overloads: Overloads = Map.groupBy(environment.funcs, ({ name }) => name);
