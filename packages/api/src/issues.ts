import * as z from "zod";
import { elsewhere, meantBy } from "./elsewhere/elsewhere.ts";
import { placeAt, type Place } from "./elsewhere/place.ts";
import { formOf } from "./form.ts";
import { isByAnotherName, type Found } from "./found.ts";
import { valueAt, type Path } from "./path.ts";
import type { Schema } from "./structural.ts";
import { count, or } from "./words.ts";

type Issue = z.core.$ZodIssue;

/** What a schema finds wrong with a value that stands at the path `at` of an object, in our own words. */
export function problemsOfIssues(issues: readonly Issue[], schema: z.ZodType, value: unknown, at: Path): Found[] {
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
    const message = messageOf(issue, given, () => placeAt(jsonSchemaOf(schema), within));
    return [{ path, message, ...(given === undefined && { isMissing: true }), ...(by !== undefined && { by }) }];
  });
  return problems.filter((problem) => !isByAnotherName(problem, problems));
}

/** Each place is told once: what is of another type, empty, or written otherwise, is too short or not one of some values for that alone. */
function onceEach(issues: readonly Issue[], value: unknown): Issue[] {
  const placeOf = ({ path }: Issue): string => JSON.stringify(path);
  const isWhole = (issue: Issue): boolean =>
    issue.code === "invalid_type" || (issue.code === "too_small" && valueAt(value, issue.path.map(String)) === "");
  const wholes = new Map(issues.filter(isWhole).map((issue) => [placeOf(issue), issue]));
  const otherwise = new Set(issues.filter(({ code }) => code === "invalid_format").map(placeOf));
  return issues.filter(
    (issue) =>
      (wholes.get(placeOf(issue)) ?? issue) === issue && !(issue.code === "too_small" && otherwise.has(placeOf(issue)) && !isWhole(issue)),
  );
}

function messageOf(issue: Issue, value: unknown, place: () => Place): string {
  const is = value === undefined ? "is missing" : `is ${shown(value)}`;
  switch (issue.code) {
    case "invalid_type":
      if (value !== undefined && !issue.message.startsWith("Invalid input")) return `${is}: ${issue.message}`; // The schema's own words.
      return `${is}: ${value === undefined ? "give" : "must be"} ${wanted(issue.expected, value, place())}`;
    case "invalid_value":
      return `${is}: must be ${or(issue.values.map(String))}`;
    case "too_small":
      if (isSized(value) && value.length === 0) return `is empty: must have at least ${sized(value, Number(issue.minimum))}`;
      return `${measured(value)}: must ${isSized(value) ? "have" : "be"} at least ${issue.minimum}`;
    case "too_big":
      return `${measured(value)}: must ${isSized(value) ? "have" : "be"} at most ${issue.maximum}`;
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
function wanted(expected: string, value: unknown, place: Place): string {
  const isWhole = expected === "number" && place.some(({ type }) => type === "integer");
  const noun = nouns[isWhole ? "int" : expected] ?? expected;
  const isMore = expected === "array" || expected === "object" || expected === "record";
  const form = isMore ? formOf(place, value) : undefined;
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

function measured(value: unknown): string {
  return isSized(value) ? `has ${sized(value, value.length)}` : `is ${shown(value)}`;
}

function sized(value: string | unknown[], length: number): string {
  return typeof value === "string" ? count(length, "character") : count(length, "entry", "entries");
}

function shown(value: unknown): string {
  const text = typeof value === "number" ? String(value) : textOf(value);
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

/** Made when it is first asked for: nearly all files know their fields. */
const jsonSchemas = new WeakMap<z.ZodType, Schema>();

function jsonSchemaOf(schema: z.ZodType): Schema {
  const known = jsonSchemas.get(schema);
  if (known !== undefined) return known;
  const made = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Schema;
  jsonSchemas.set(schema, made);
  return made;
}
