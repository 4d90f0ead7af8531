import * as z from "zod";
import { elsewhere, meantBy } from "../elsewhere/elsewhere.ts";
import { placeAt, type Place } from "../elsewhere/place.ts";
import { formOf } from "./form.ts";
import { isByAnotherName, type Found } from "./found.ts";
import { valueAt, type Path } from "./path.ts";
import type { Problem } from "./problem.ts";
import { isSecretAt, shownAt } from "./shown.ts";
import type { Schema } from "../schema/structural.ts";
import { count, or } from "./words.ts";

type Issue = z.core.$ZodIssue;

/** What a schema finds wrong with a value that stands at the path `at` of an object. */
export function problemsIn(schema: z.ZodType, value: unknown, at: Path = []): Problem[] {
  const read = readBy(schema, value, at);
  return "problems" in read ? read.problems.map(({ path, message }) => ({ path, message })) : [];
}

/** A value as a schema reads it, or what it finds wrong with it. */
export function readBy<S extends z.ZodType>(schema: S, value: unknown, at: Path = []): { value: z.output<S> } | { problems: Found[] } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  return { problems: problemsOfIssues(result.error.issues, schema, value, at) };
}

function problemsOfIssues(issues: readonly Issue[], schema: z.ZodType, value: unknown, at: Path): Found[] {
  const problems = onceEach(issues, value).flatMap((issue): Found[] => {
    const within = issue.path.filter((part) => typeof part !== "symbol");
    const path = [...at, ...within];
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `there is no such field${elsewhere(key, jsonSchemaOf(schema), within, at)}`,
        meant: meantBy(key, jsonSchemaOf(schema), within),
      }));
    const { by } = (issue.code === "custom" && issue.params) || {};
    const given = valueAt(value, within);
    const isExpression = by === undefined && typeof given === "string" && given.includes("${{") && !isSize(issue);
    const message = isExpression ? noExpressions : messageOf(issue, given, { path, place: () => placeAt(jsonSchemaOf(schema), within) });
    return [{ path, message, ...(given === undefined && { isMissing: true }), ...(by !== undefined && { by }) }];
  });
  return problems.filter((problem) => !isByAnotherName(problem, problems));
}

/** What is said of an expression that isn't evaluated. */
export const noExpressions = "holds ${{, but expressions aren't evaluated here: give the value itself";

function isSize({ code }: Issue): boolean {
  return code === "too_small" || code === "too_big";
}

/** Each place is told once; the unknown fields of a map whatever else it is. */
function onceEach(issues: readonly Issue[], value: unknown): Issue[] {
  const places = Map.groupBy(issues, ({ path }) => JSON.stringify(path));
  return [...places.values()].flatMap((all) => {
    const others = all.filter((issue) => !isOfFields(issue));
    return [...all.filter(isOfFields), ...onceAt(others, value)];
  });
}

function isOfFields({ code }: Issue): boolean {
  return code === "unrecognized_keys";
}

/** Of what isn't of its type, is empty, or is refused in the schema's own words, no more is told; nor how long something is that isn't of its form. */
function onceAt(same: readonly Issue[], value: unknown): readonly Issue[] {
  const [{ path = [] } = {}] = same;
  const isEmpty = valueAt(value, path.map(String)) === "";
  const whole = same.find(({ code }) => code === "invalid_type" || (isEmpty && code === "too_small"));
  if (whole !== undefined) return [whole];
  const own = same.find((issue) => issue.code === "custom" && issue.params?.["by"] === undefined);
  if (own !== undefined) return [own];
  const hasForm = same.some(({ code }) => code === "invalid_format");
  return hasForm ? same.filter((issue) => !isSize(issue)) : same;
}

/** Where a value stands, and what its schema says of that place. */
interface Where {
  path: Path;
  place: () => Place;
}

function messageOf(issue: Issue, value: unknown, { path, place }: Where): string {
  const is = value === undefined ? "is missing" : `is ${shownAt(path, value)}`;
  switch (issue.code) {
    case "invalid_type":
      if (value !== undefined && !issue.message.startsWith("Invalid input")) return `${is}: ${issue.message}`; // The schema's own words.
      return `${is}: ${value === undefined ? "give" : "must be"} ${wanted(issue.expected, value, { path, place })}`;
    case "invalid_value":
      return `${is}: must be ${or(issue.values.map(String))}`;
    case "too_small":
      if (isSized(value) && value.length === 0) return `is empty: must have at least ${sized(value, Number(issue.minimum))}`;
      return `${measured(value, is)}: must ${isSized(value) ? "have" : "be"} at least ${issue.minimum}`;
    case "too_big":
      return `${measured(value, is)}: must ${isSized(value) ? "have" : "be"} at most ${issue.maximum}`;
    case "invalid_key":
      return `the name "${String(issue.path.at(-1))}" ${issue.issues.map(({ message }) => message).join(", and ")}`;
    case "invalid_union":
    case "invalid_format":
      return `${is}: ${issue.message}`;
    default:
      return issue.message;
  }
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

/** What is to stand there, and how it is written. */
function wanted(expected: string, value: unknown, { path, place: at }: Where): string {
  const place = at();
  const isWhole = expected === "number" && place.some(({ type }) => type === "integer");
  const noun = nouns[isWhole ? "int" : expected] ?? expected;
  const isMore = expected === "array" || expected === "object" || expected === "record";
  const form = isMore ? formOf(place, isSecretAt(path) ? undefined : value) : undefined;
  if (form !== undefined) return `${noun}, as in ${form}`;
  if (expected === "string" && value !== undefined && typeof value !== "object") return `${noun}: put it in quotes`;
  return typeof value === "string" && isWritten(value, expected) ? `${noun}: take it out of the quotes` : noun;
}

/** Whether a text in quotes would be right without them. */
function isWritten(text: string, expected: string): boolean {
  if (expected === "boolean") return text === "true" || text === "false";
  return (expected === "number" || expected === "int") && /^-?\d+(\.\d+)?$/.test(text);
}

function isSized(value: unknown): value is string | unknown[] {
  return typeof value === "string" || Array.isArray(value);
}

function measured(value: unknown, is: string): string {
  return isSized(value) ? `has ${sized(value, value.length)}` : is;
}

function sized(value: string | unknown[], length: number): string {
  return typeof value === "string" ? count(length, "character") : count(length, "entry", "entries");
}

/** Made when it is first asked for: nearly all files know their fields. */
const jsonSchemas = new WeakMap<z.ZodType, Schema>();

function jsonSchemaOf(schema: z.ZodType): Schema {
  const known = jsonSchemas.get(schema);
  if (known !== undefined) return known;
  const made = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Schema;
  jsonSchemas.set(schema, made);
  return made;
}
