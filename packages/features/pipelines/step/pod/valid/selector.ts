import type { Path, Problem } from "@plimsoll/api";
import { named, required } from "./check.ts";
import { labelValue, objectName, qualifiedName } from "./names.ts";

/** What labels must be. */
export interface LabelSelector {
  matchLabels?: Readonly<Record<string, string>>;
  matchExpressions?: readonly Requirement[];
}

interface Requirement {
  key?: string;
  operator?: string;
  values?: readonly string[];
}

/** Nodes that are meant. */
export interface NodeTerm {
  matchExpressions?: readonly Requirement[];
  matchFields?: readonly Requirement[];
}

/** What is wrong with labels. */
export function* labelProblems(labels: Readonly<Record<string, string>>, path: Path): Generator<Problem> {
  for (const [key, value] of Object.entries(labels)) {
    yield* named(key, qualifiedName, [...path, key]);
    yield* named(value, labelValue, [...path, key]);
  }
}

/** What is wrong with a selector of labels. */
export function* selectorProblems({ matchLabels = {}, matchExpressions = [] }: LabelSelector, path: Path): Generator<Problem> {
  yield* labelProblems(matchLabels, [...path, "matchLabels"]);
  for (const [index, requirement] of matchExpressions.entries())
    yield* requirementProblems(requirement, [...path, "matchExpressions", index], { numbers: false, checked: true });
}

/** What is wrong with a selector of nodes. `checked`: whether the values must be such as labels can have. */
export function* nodeTermProblems({ matchExpressions = [], matchFields = [] }: NodeTerm, path: Path, checked: boolean): Generator<Problem> {
  for (const [index, requirement] of matchExpressions.entries())
    yield* requirementProblems(requirement, [...path, "matchExpressions", index], { numbers: true, checked });
  for (const [index, { key, operator, values = [] }] of matchFields.entries()) {
    const at = [...path, "matchFields", index];
    if (operator !== "In" && operator !== "NotIn")
      yield { path: [...at, "operator"], message: `is ${JSON.stringify(operator ?? "")}: must be In or NotIn` };
    else if (values.length !== 1) yield { path: [...at, "values"], message: "must be one value" };
    if (key !== "metadata.name") yield { path: [...at, "key"], message: `is ${JSON.stringify(key ?? "")}: must be metadata.name` };
    else for (const [place, value] of values.entries()) yield* named(value, objectName, [...at, "values", place]);
  }
}

function* requirementProblems(
  { key, operator = "", values = [] }: Requirement,
  path: Path,
  { numbers, checked }: { numbers: boolean; checked: boolean },
): Generator<Problem> {
  yield* required(key, [...path, "key"], qualifiedName);
  const at = [...path, "values"];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) yield { path: at, message: `is missing: ${operator} takes a list of values` };
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) yield { path: at, message: `doesn't go with ${operator}: take it out` };
  } else if (numbers && (operator === "Gt" || operator === "Lt")) {
    if (values.length !== 1) yield { path: at, message: `must be one value: ${operator} takes a number in quotes` };
  } else
    yield {
      path: [...path, "operator"],
      message: `is ${JSON.stringify(operator)}: must be In, NotIn, Exists${numbers ? ", DoesNotExist, Gt or Lt" : " or DoesNotExist"}`,
    };
  if (checked) for (const [index, value] of values.entries()) yield* named(value, labelValue, [...at, index]);
}
