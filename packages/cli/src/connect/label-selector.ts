import { UsageError } from "../failure.ts";

interface Requirement {
  key: string;
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  values?: string[];
}

/** A selector of labels as an object has it. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: Requirement[];
}

const key = "([A-Za-z0-9][-A-Za-z0-9_./]*)";
const value = "[-A-Za-z0-9_.]*";
const forms: readonly [RegExp, (key: string, values: string) => Requirement | [string, string]][] = [
  [new RegExp(`^${key}\\s*==?\\s*(${value})$`), (key, value) => [key, value]],
  [new RegExp(`^${key}\\s*!=\\s*(${value})$`), (key, value) => ({ key, operator: "NotIn", values: [value] })],
  [new RegExp(`^${key}\\s+in\\s*\\(([^()]*)\\)$`), (key, values) => ({ key, operator: "In", values: list(values) })],
  [new RegExp(`^${key}\\s+notin\\s*\\(([^()]*)\\)$`), (key, values) => ({ key, operator: "NotIn", values: list(values) })],
  [new RegExp(`^!\\s*${key}$`), (key) => ({ key, operator: "DoesNotExist" })],
  [new RegExp(`^${key}$`), (key) => ({ key, operator: "Exists" })],
];

/** Reads a selector as kubectl has it: `pool=batch,zone in (a, b),!gpu`. Throws a UsageError that names the part that is none. */
export function parseSelector(text: string): LabelSelector {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: Requirement[] = [];
  // Commas within parentheses part values.
  for (const part of text.split(/,(?![^(]*\))/).map((part) => part.trim())) {
    const found = forms.flatMap(([form, make]) => {
      const match = form.exec(part);
      return match === null ? [] : [make(match[1] ?? "", match[2] ?? "")];
    })[0];
    if (found === undefined)
      throw new UsageError(
        `--selector: "${part}" is no requirement: write it as in pool=batch, pool!=batch, "pool in (a,b)", pool or !pool`,
      );
    // Of two values for one label, both are asked for, which nothing has.
    if (!Array.isArray(found)) matchExpressions.push(found);
    else if (Object.hasOwn(matchLabels, found[0])) matchExpressions.push({ key: found[0], operator: "In", values: [found[1]] });
    else matchLabels[found[0]] = found[1];
  }
  return {
    ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  };
}

function list(text: string): string[] {
  return text.split(",").map((value) => value.trim());
}
