import { closest, shownAt, type Path, type Problem } from "@plimsoll/api";
import { parseQuantity } from "@plimsoll/model/quantity";
import shapes from "./shapes.json" with { type: "json" };
import { isMap } from "../strategic-merge.ts";

const known: Readonly<Record<string, Readonly<Record<string, string>>>> = shapes;

/** The fields of a pod's spec by their names; each has a type as in `string`, `[]V1Toleration` or `{}quantity`. */
export const podSpec = "V1PodSpec";

/** What is said of a field that Kubernetes has not; the rest of the pod can be looked at all the same. */
export const unknownField = "Kubernetes has no such field here";

/** Fields that Kubernetes has not, and values of another type than it takes: it doesn't read a pod with such. */
export function* shapeProblems(value: unknown, type: string, path: Path): Generator<Problem> {
  if (value === null || value === undefined) return;
  if (type.startsWith("[]")) {
    if (!Array.isArray(value)) yield { path, message: `is ${shownAt(path, value)}: must be a list` };
    else for (const [index, entry] of value.entries()) yield* shapeProblems(entry, type.slice(2), [...path, index]);
  } else if (type.startsWith("{}")) {
    if (!isMap(value)) yield { path, message: `is ${shownAt(path, value)}: must be a map` };
    else for (const [key, entry] of Object.entries(value)) yield* shapeProblems(entry, type.slice(2), [...path, key]);
  } else if (known[type] !== undefined) yield* fieldProblems(value, known[type], path);
  else {
    const wanted = plain[type]?.(value);
    if (wanted !== undefined) yield { path, message: `is ${shownAt(path, value)}: must be ${wanted}` };
  }
}

function* fieldProblems(value: unknown, fields: Readonly<Record<string, string>>, path: Path): Generator<Problem> {
  if (!isMap(value)) return yield { path, message: `is ${shownAt(path, value)}: must be a map` };
  for (const [key, entry] of Object.entries(value)) {
    const type = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (type === undefined) yield { path: [...path, key], message: `${unknownField}${closest(key, Object.keys(fields))}` };
    else yield* shapeProblems(entry, type, [...path, key]);
  }
}

/** What a value of a plain type must be, where it isn't. */
const plain: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  string: (value) => (typeof value === "string" ? undefined : `a string${typeof value === "object" ? "" : ": put it in quotes"}`),
  boolean: (value) => (typeof value === "boolean" ? undefined : "true or false"),
  int32: (value) => (isWhole(value) && Math.abs(value) < 2 ** 31 ? undefined : "a whole number of 32 bits"),
  int64: (value) => (isWhole(value) && Math.abs(value) < 2 ** 63 ? undefined : "a whole number"),
  IntOrString: (value) =>
    typeof value === "string" || (isWhole(value) && Math.abs(value) < 2 ** 31) ? undefined : "a whole number or a name",
  quantity: (value) =>
    (typeof value === "string" || typeof value === "number") && parseQuantity(value) !== undefined
      ? undefined
      : "a quantity, as in 500m or 1Gi",
};

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value);
}
