import * as z from "zod";
import { closest, nearest } from "./closest.ts";
import { elsewhere, fieldElsewhere } from "./elsewhere.ts";
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
  /** The fields, each of a type of its own, that don't go together or name what isn't there: where one can't be read, it may be none. */
  by?: readonly string[];
}

/** What a schema finds wrong. */
export interface Found extends Problem {
  /** The known field that an unknown one seems to be. */
  meant?: string | undefined;
  /** Whether there is nothing where there has to be something. */
  isMissing?: boolean;
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
  return "problems" in read ? read.problems.map(({ path, message }) => ({ path, message })) : [];
}

/** A value as a schema reads it, or what it finds wrong with it. */
export function readBy<S extends z.ZodType>(schema: S, value: unknown, at: Path = []): { value: z.output<S> } | { problems: Found[] } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  const problems = onceEach(result.error.issues, value).flatMap((issue): Found[] => {
    const within = issue.path.filter((part) => typeof part !== "symbol");
    const path = [...at, ...within];
    if (issue.code !== "unrecognized_keys") {
      const { by } = (issue.code === "custom" && issue.params) || {};
      const given = valueAt(value, within);
      const isExpression = by === undefined && typeof given === "string" && given.includes("${{") && !isSize(issue);
      return [
        {
          path,
          message: isExpression ? noExpressions : messageOf(issue, given, shownAt(path, given)),
          ...(given === undefined && { isMissing: true }),
          ...(by !== undefined && { by }),
        },
      ];
    }
    const known = fieldsAt(jsonSchemaOf(schema), within);
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `there is no such field${elsewhere(key, known) ?? closest(key, known)}`,
      meant: fieldElsewhere(key, known) ?? nearest(key, known),
    }));
  });
  return { problems: problems.filter((problem) => !isByAnotherName(problem, problems)) };
}

/** What is said of an expression that isn't evaluated. */
export const noExpressions = "holds ${{, but expressions aren't evaluated here: give the value itself";

function isSize({ code }: z.core.$ZodIssue): boolean {
  return code === "too_small" || code === "too_big";
}

/** Of what isn't of its type, is empty, or is refused in the schema's own words, no more is told; nor that something is too short, or too little, that isn't of its form. */
function onceEach(issues: readonly z.core.$ZodIssue[], value: unknown): z.core.$ZodIssue[] {
  const places = Map.groupBy(issues, ({ path }) => JSON.stringify(path));
  return [...places.values()].flatMap((same) => {
    const [{ path = [] } = {}] = same;
    const isEmpty = valueAt(value, path.map(String)) === "";
    const whole = same.find(({ code }) => code === "invalid_type" || (isEmpty && code === "too_small"));
    if (whole !== undefined) return [whole];
    const own = same.find((issue) => issue.code === "custom" && issue.params?.["by"] === undefined);
    if (own !== undefined) return [own];
    const hasForm = same.some(({ code }) => code === "invalid_format");
    return hasForm ? same.filter(({ code }) => code !== "too_small") : same;
  });
}

/** Whether what is missing stands there, but by a name that is none: that is told already. */
export function isByAnotherName({ path, isMissing = false }: Found, others: readonly Found[]): boolean {
  const holder = formatPath(path.slice(0, -1));
  return isMissing && others.some((one) => one.meant === path.at(-1) && formatPath(one.path.slice(0, -1)) === holder);
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

function messageOf(issue: z.core.$ZodIssue, value: unknown, shown: string): string {
  const is = value === undefined ? "is missing" : `is ${shown}`;
  switch (issue.code) {
    case "invalid_type":
      if (value !== undefined && !issue.message.startsWith("Invalid input")) return `${is}: ${issue.message}`; // The schema's own words.
      return value === undefined
        ? `${is}: give ${nouns[issue.expected] ?? issue.expected}`
        : `${is}: must be ${nouns[issue.expected] ?? issue.expected}${issue.expected === "string" && typeof value !== "object" ? ": put it in quotes" : ""}`;
    case "invalid_value":
      return `${is}: must be ${or(issue.values.map(String))}`;
    case "too_small":
      return `${measured(value, is)}: must ${isSized(value) ? "have" : "be"} at least ${issue.minimum}`;
    case "too_big":
      return `${measured(value, is)}: must ${isSized(value) ? "have" : "be"} at most ${issue.maximum}`;
    case "invalid_union":
    case "invalid_format":
      return `${is}: ${issue.message}`;
    default:
      return issue.message;
  }
}

function isSized(value: unknown): value is string | unknown[] {
  return typeof value === "string" || Array.isArray(value);
}

function measured(value: unknown, is: string): string {
  if (typeof value === "string") return `has ${value.length} characters`;
  return Array.isArray(value) ? `has ${value.length} entries` : is;
}

/** Fields whose values may be secret: messages go into logs. */
const secret: ReadonlySet<unknown> = new Set(["env", "params", "default", "sparkConf", "hadoopConf"]);

/** What is said of a value that stands at a path: itself, if it is short and no secret. */
export function shownAt(path: Path, value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  const last = path.at(-1);
  if (value !== null && path.some((part) => secret.has(part)) && last !== "name" && last !== "type") return kindOf(value);
  const text = String(JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function kindOf(value: unknown): string {
  if (typeof value === "boolean") return "true or false";
  if (typeof value !== "number") return "a string";
  return Number.isInteger(value) ? "a whole number" : "a number with a fraction";
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
