import { backfill, pipelineSchedule, withLines, type Manifest, type PipelineSchedule, type Problem } from "@plimsoll/api";
import { notesOf } from "./cron/oddities.ts";
import type { Language } from "../expressions.ts";
import { rulesOf } from "./rules.ts";
import { isKind, kindOf, render, runKind, valuesFor } from "./template.ts";

/** The kinds that the feature carries out. */
export const scheduleKinds = [pipelineSchedule, backfill] as const;

/** What the controller would refuse of a manifest (`problems`), and what may surprise in it (`notes`), with the lines of its file. */
export interface Findings {
  problems: Problem[];
  notes: Problem[];
}

/** What checks a run that a template makes. */
export type CheckRun = (spec: Record<string, unknown>) => readonly Problem[];

/**
 * Checks a schedule as the controller does, and what it starts with values as good as any others; nothing of what is of another
 * feature's kind. `now` is in milliseconds since 1970.
 */
export function findingsOf({ object, lineOf }: Manifest, language: Language, checkRun: CheckRun, now: number): Findings {
  if (object.kind !== "PipelineSchedule") return { problems: [], notes: [] };
  const found = rulesOf(object, language);
  if ("problems" in found) return { problems: withLines(found.problems, lineOf), notes: [] };
  const { timing } = found.rules;
  return {
    problems: withLines(runProblems(object, timing, language, checkRun, now), lineOf),
    notes: withLines(notesOf(timing, now), lineOf),
  };
}

function runProblems(
  { metadata: { namespace = "default", name = "schedule" }, spec: { template } }: PipelineSchedule,
  timing: Parameters<typeof valuesFor>[1] & { next: (after: number) => number | undefined },
  language: Language,
  checkRun: CheckRun,
  now: number,
): Problem[] {
  if (!isKind(kindOf(template), runKind)) return [];
  const { spec } = render(template, language, valuesFor(timing.next(now) ?? now, timing, { namespace, name }));
  // Where the run has it, below the template.
  return checkRun(spec).map((problem) => ({ ...problem, path: ["spec", "template", ...problem.path] }));
}
