import type { Labels } from "@plimsoll/model";
import { matches } from "@plimsoll/model";
import { UsageError } from "../failure.ts";

type Requirement = { key: string; operator: "In" | "NotIn" | "Exists" | "DoesNotExist"; values?: string[] };

const key = "[A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?";
const value = "(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)?";
const equal = new RegExp(`^(${key})\\s*(==?|!=)\\s*(${value})$`);
const among = new RegExp(`^(${key})\\s+(in|notin)\\s*\\(\\s*(${value}(?:\\s*,\\s*${value})*)\\s*\\)$`);
const there = new RegExp(`^(!?)\\s*(${key})$`);

/** Whether labels meet a selector, as kubectl's `-l` reads it: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, with commas. */
export function selectorOf(text: string): (labels: Labels) => boolean {
  // A comma within parentheses parts values.
  const matchExpressions = text.split(/,(?![^(]*\))/).map((part) => requirementOf(part.trim(), text));
  return (labels) => matches({ matchExpressions }, labels);
}

function requirementOf(part: string, text: string): Requirement {
  const [, name = "", sign, one = ""] = equal.exec(part) ?? [];
  if (sign !== undefined) return { key: name, operator: sign === "!=" ? "NotIn" : "In", values: [one] };
  const [, of = "", word, many = ""] = among.exec(part) ?? [];
  if (word !== undefined)
    return { key: of, operator: word === "in" ? "In" : "NotIn", values: many.split(",").map((value) => value.trim()) };
  const [, not, label] = there.exec(part) ?? [];
  if (label !== undefined) return { key: label, operator: not === "!" ? "DoesNotExist" : "Exists" };
  throw new UsageError(
    `-l ${text}: "${part}" is no selector: write team=a, team!=a, 'team in (a,b)', team or '!team', with commas between`,
  );
}
