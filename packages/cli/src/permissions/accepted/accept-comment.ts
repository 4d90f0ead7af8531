import { readDocuments } from "@plimsoll/api/text";
import { UsageError } from "../../failure.ts";
import type { Acceptance } from "./acceptance.ts";
import { isDay } from "./day.ts";

/** Lines that findings may be told of, each with all those of the same role. */
export interface RuleLine {
  line: number;
  role: readonly number[];
}

/**
 * The acceptances in a YAML text's comments, `# plimsoll:accept ID REASON` or `# plimsoll:accept ID until=2026-12-31 REASON`. One on a rule, or on
 * the lines right above it, is for that rule; one elsewhere in a role is for all of it. Throws a UsageError for one without a reason.
 */
export function acceptComments(source: string, text: string, rules: readonly RuleLine[]): Acceptance[] {
  if (!text.includes("plimsoll:accept")) return [];
  const lines = text.split("\n");
  const written = lines.flatMap((content, index) => {
    const found = /^(.*?)(?:^|(?<=\s))#\s*plimsoll:accept(?:\s+(\S+)(.*))?$/s.exec(content.trimEnd());
    return found === null ? [] : [{ content, index, before: found[1] ?? "", id: found[2], rest: found[3] ?? "" }];
  });
  return commentsAmong(written, lines).map(({ content, index, before, id, rest }) => {
    const [, until, reason = ""] = /^\s*(?:until=(\S+))?\s*(.*)$/.exec(rest) ?? [];
    const refuse = (how: string) => new UsageError(`${source}:${index + 1}: ${content.trim()}: ${how}`);
    if (id === undefined || reason === "") throw refuse("write it as # plimsoll:accept ID REASON, with the ID that `risks` shows");
    if (until !== undefined && !isDay(until)) throw refuse("until= takes a day, as in until=2026-12-31");
    const covered = new Set(linesOf(lines, index + 1, before.trim() === "", rules));
    return {
      id,
      reason,
      ...(until !== undefined && { until }),
      source,
      line: index + 1,
      kind: "inSource" as const,
      covers: (role, rule) => (role.sources?.[rule] ?? role.source) === source && covered.has(role.lines[rule] ?? 0),
    } satisfies Acceptance;
  });
}

/** Those that are comments, and not part of a text, as of an annotation: without them all values are the same. */
function commentsAmong<T extends { index: number; before: string }>(written: readonly T[], lines: readonly string[]): readonly T[] {
  const valuesWithout = (some: readonly T[]): string => {
    const left = [...lines];
    for (const { index, before } of some) left[index] = before;
    return JSON.stringify(readDocuments(left.join("\n")).documents.map(({ value }) => value));
  };
  const values = valuesWithout([]);
  return valuesWithout(written) === values ? written : written.filter((one) => valuesWithout([one]) === values);
}

/** The rules' lines that a comment at a line is for. */
function linesOf(lines: readonly string[], at: number, isAlone: boolean, rules: readonly RuleLine[]): readonly number[] {
  const isSplit = (from: number, to: number) => lines.slice(from - 1, to).some((line) => /^---(\s|$)/.test(line));
  const before = rules.findLast(({ line }) => line <= at && !isSplit(line, at));
  const after = rules.find(({ line }) => line > at && !isSplit(at, line));
  const isAbove = after !== undefined && isAlone && lines.slice(at, after.line - 1).every((line) => /^\s*(#.*)?$/.test(line));
  if (isAbove) return [after.line];
  if (before !== undefined && (after === undefined || after.role === before.role || !isAlone)) return [before.line];
  return after?.role ?? (before === undefined ? [] : [before.line]);
}
