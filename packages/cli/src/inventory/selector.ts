import type { LabelSelector } from "kubernetes-types/meta/v1.d.ts";
import { UsageError } from "../failure.ts";

/** Reads `a=b,c!=d,e in (f,g),h,!i`, as kubectl does. Throws a UsageError. */
export function parseSelector(text: string): LabelSelector {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  return { matchExpressions: parts.map((part) => requirement(part, text)) };
}

function requirement(part: string, whole: string): NonNullable<LabelSelector["matchExpressions"]>[number] {
  const [, key = "", is, value = ""] = /^([^\s=!()]+)\s*(==?|!=)\s*([^\s=!()]*)$/.exec(part) ?? [];
  if (is !== undefined) return { key, operator: is === "!=" ? "NotIn" : "In", values: [value] };
  const [, name = "", negated, list] = /^([^\s=!()]+)\s+(not)?in\s*\(([^()]*)\)$/.exec(part) ?? [];
  if (list !== undefined) return { key: name, operator: negated ? "NotIn" : "In", values: list.split(",").map((one) => one.trim()) };
  const [, not, alone] = /^(!?)\s*([^\s=!()]+)$/.exec(part) ?? [];
  if (alone !== undefined) return { key: alone, operator: not === "!" ? "DoesNotExist" : "Exists" };
  throw new UsageError(`--selector ${whole}: "${part}" is no requirement: write it as in team=a, tier!=web, stage in (a,b), app or !app`);
}
