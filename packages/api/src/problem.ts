import { z } from "zod";
import { closest } from "./closest.ts";
import type { Schema } from "./structural.ts";

/** What is wrong with a user's input: where, what, and the way out. */
export interface Problem {
  /** A path into the object, as in `spec.steps[2].image`; empty for the whole. */
  field: string;
  /** What is wrong and what to do. */
  message: string;
  /** The line of the file, from 1. */
  line?: number;
}

/** `pipeline.yaml:12: spec.steps[0].image: must be …`. */
export function formatProblem(file: string, { field, message, line }: Problem): string {
  return [`${file}${line === undefined ? "" : `:${line}`}`, field, message].filter(Boolean).join(": ");
}

/** What a schema finds wrong with a value that stands at the path `at` of an object (`""`: it is the object). */
export function problemsIn(schema: z.ZodType, value: unknown, at: string): Problem[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  const prefix = at === "" ? [] : [at];
  return result.error.issues.flatMap((issue) => {
    const field = [...prefix, ...issue.path];
    if (issue.code !== "unrecognized_keys") return [{ field: formatPath(field), message: messageOf(issue, valueAt(value, issue.path)) }];
    const known = fieldsAt(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Schema, issue.path);
    return issue.keys.map((key) => ({ field: formatPath([...field, key]), message: `there is no such field${closest(key, known)}` }));
  });
}

const nouns: Record<string, string> = {
  string: "a string",
  array: "a list",
  object: "a map",
  record: "a map",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
};

function messageOf(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? `is missing: give ${nouns[issue.expected] ?? issue.expected}`
        : `is ${shown(value)}: must be ${nouns[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `${value === undefined ? "is missing" : `is ${shown(value)}`}: must be ${issue.values
        .map(String)
        .join(", ")
        .replace(/, ([^,]*)$/, " or $1")}`;
    case "too_small":
      return `${measured(value)}: must ${isSized(value) ? "have" : "be"} at least ${issue.minimum}`;
    case "too_big":
      return `${measured(value)}: must ${isSized(value) ? "have" : "be"} at most ${issue.maximum}`;
    case "invalid_union":
      return `${value === undefined ? "is missing" : `is ${shown(value)}`}: ${issue.message}`;
    case "invalid_format":
      return `is ${shown(value)}: ${issue.message}`;
    default:
      return issue.message;
  }
}

function isSized(value: unknown): value is string | unknown[] {
  return typeof value === "string" || Array.isArray(value);
}

function measured(value: unknown): string {
  if (typeof value === "string") return `has ${value.length} characters`;
  return Array.isArray(value) ? `has ${value.length} entries` : `is ${shown(value)}`;
}

function shown(value: unknown): string {
  const text = textOf(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "nothing";
  } catch {
    // YAML's aliases can make a value a part of itself.
    return "a value that holds itself";
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined), value);
}

function fieldsAt(schema: Schema, path: readonly PropertyKey[]): string[] {
  const within = (side: Schema, key: PropertyKey): Schema[] => {
    const inner =
      typeof key === "number"
        ? side.items
        : ((Object.hasOwn(side.properties ?? {}, key) ? side.properties?.[String(key)] : undefined) ?? side.additionalProperties);
    return inner ? sidesOf(inner) : [];
  };
  const at = path.reduce<Schema[]>((sides, key) => sides.flatMap((side) => within(side, key)), sidesOf(schema));
  return at.flatMap(({ properties = {} }) => Object.keys(properties));
}

/** A schema, and what it is a union of: what may be null is a union with null. */
function sidesOf(schema: Schema): Schema[] {
  return [schema, ...((schema["anyOf"] as Schema[] | undefined) ?? [])];
}

/** `spec.steps[0].image`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`)).join("");
}
