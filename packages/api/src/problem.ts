import * as z from "zod";
import { closest } from "./closest.ts";
import { elsewhere } from "./elsewhere.ts";
import { formatPath, valueAt, type Path } from "./path.ts";
import type { Schema } from "./structural.ts";
import { or } from "./words.ts";

/** What is wrong with a user's input: where, what, and the way out. */
export interface Problem {
  /** Where it stands in the object. */
  path: Path;
  /** The line of the text that stands there, from 0. */
  within?: number;
  /** What is wrong and what to do. */
  message: string;
  /** The line of the file, from 1. */
  line?: number;
  /** Of what sort it is. */
  rule?: ProblemRule;
}

/** The sorts of problems, by what finds them. */
export const problemRules = {
  yaml: "The text is YAML, and an object of a kind that Plimsoll knows.",
  "yaml-1.1": "What kubectl and Helm, which read YAML 1.1, take for another value is in quotes.",
  name: "Objects of one kind have names of their own.",
  field: "The fields are those of the kind, and hold what they should.",
  param: "The parameters have values of their types.",
  need: "The steps' names are their own, and what they need is there.",
  expression: "Expressions can be evaluated, and name what there is.",
  script: "A script names what runs it.",
  image: "An image has a name that container runtimes read.",
  "service-account": "What names a Pipeline, or a schedule, lists the ServiceAccounts that this names.",
  "manifest-kind": "What names a Pipeline, or a schedule, lists the kinds of objects that the steps of this make.",
  pod: "The API server and the kubelet take the pods.",
} as const;

/** One of these. */
export type ProblemRule = keyof typeof problemRules;

/** The same problems, of a sort where they have none yet. */
export function ofRule<P extends Problem>(rule: ProblemRule, problems: readonly P[]): P[] {
  return problems.map((problem) => ({ rule, ...problem }));
}

/** `pipeline.yaml:12: spec.steps[0].image: must be …`. */
export function formatProblem(file: string, problem: Problem): string {
  return `${file}${problem.line === undefined ? "" : `:${problem.line}`}: ${problemText(problem)}`;
}

/** `spec.steps[0].image: must be …`. */
export function problemText({ path, message }: Pick<Problem, "path" | "message">): string {
  return [formatPath(path), message].filter(Boolean).join(": ");
}

/** The first of some problems, and how many more there are; nothing of none. */
export function firstOfProblems([first, ...others]: readonly Problem[]): string {
  if (first === undefined) return "";
  return `${problemText(first)}${others.length > 0 ? ` (and ${others.length} more)` : ""}`;
}

/** What a schema finds wrong with a value that stands at the path `at` of an object. */
export function problemsIn(schema: z.ZodType, value: unknown, at: Path = []): Problem[] {
  const read = readBy(schema, value, at);
  return "problems" in read ? read.problems : [];
}

/** A value as a schema reads it, or what it finds wrong with it. */
export function readBy<S extends z.ZodType>(schema: S, value: unknown, at: Path = []): { value: z.output<S> } | { problems: Problem[] } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  const problems = result.error.issues.flatMap((issue) => {
    const within = issue.path.filter((part) => typeof part !== "symbol");
    const path = [...at, ...within];
    if (issue.code !== "unrecognized_keys") return [{ path, message: messageOf(issue, valueAt(value, within)) }];
    const known = fieldsAt(jsonSchemaOf(schema), within);
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `there is no such field${elsewhere(key, known) ?? closest(key, known)}`,
    }));
  });
  return { problems };
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
      if (value !== undefined && !issue.message.startsWith("Invalid input")) return `is ${shown(value)}: ${issue.message}`; // The schema's own words.
      return value === undefined
        ? `is missing: give ${nouns[issue.expected] ?? issue.expected}`
        : `is ${shown(value)}: must be ${nouns[issue.expected] ?? issue.expected}${issue.expected === "string" && typeof value !== "object" ? ": put it in quotes" : ""}`;
    case "invalid_value":
      return `${value === undefined ? "is missing" : `is ${shown(value)}`}: must be ${or(issue.values.map(String))}`;
    case "too_small":
      return `${measured(value)}: must ${isSized(value) ? "have" : "be"} at least ${issue.minimum}`;
    case "too_big":
      return `${measured(value)}: must ${isSized(value) ? "have" : "be"} at most ${issue.maximum}`;
    case "invalid_union":
      return `${value === undefined ? "is missing" : `is ${shown(value)}`}: ${issue.message}`;
    case "invalid_key":
      return `the name "${String(issue.path.at(-1))}" ${issue.issues.map(({ message }) => message).join(", and ")}`;
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

function fieldsAt(schema: Schema, path: Path): string[] {
  const within = (side: Schema, key: string | number): Schema[] => {
    const inner =
      typeof key === "number"
        ? side.items
        : ((Object.hasOwn(side.properties ?? {}, key) ? side.properties?.[key] : undefined) ?? side.additionalProperties);
    return inner ? sidesOf(inner) : [];
  };
  const at = path.reduce<Schema[]>((sides, key) => sides.flatMap((side) => within(side, key)), sidesOf(schema));
  return at.flatMap(({ properties = {} }) => Object.keys(properties));
}

/** A schema, and what it is a union of: what may be null is a union with null. */
function sidesOf(schema: Schema): Schema[] {
  return [schema, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(sidesOf)];
}
