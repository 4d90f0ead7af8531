import { backfill, pipelineSchedule, withLines, type Manifest, type PipelineSchedule, type Problem, type Template } from "@plimsoll/api";
import { notesOf } from "./cron/oddities.ts";
import { timingOf, type Timing } from "./cron/timing.ts";
import type { Language } from "../expressions.ts";
import { isKind, kindOf, render, runKind, someValues, templateProblems, valuesFor, type ScheduleValues } from "./template.ts";

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
 * Checks a schedule as the controller does, or what can be read of one, and what it starts with values as good as any others; nothing of what is of
 * another feature's kind. What its schema finds is known already. `now` is in milliseconds since 1970.
 */
export function findingsOf({ object, lineOf }: Manifest, language: Language, checkRun: CheckRun, now: number): Findings {
  if (object.kind !== "PipelineSchedule") return { problems: [], notes: [] };
  const timed = timingOf(object.spec);
  const timing = "timing" in timed ? timed.timing : undefined;
  const own = [...("problems" in timed ? timed.problems : []), ...templateProblems(object.spec.template, language)];
  return {
    problems: withLines([...own, ...runProblems(object, timing, language, checkRun, now)], lineOf),
    notes: withLines(timing === undefined ? [] : notesOf(timing, now), lineOf),
  };
}

function runProblems(
  { metadata: { namespace = "default", name = "schedule" }, spec: { template } }: PipelineSchedule,
  timing: Timing | undefined,
  language: Language,
  checkRun: CheckRun,
  now: number,
): Problem[] {
  if (!isKind(kindOf(template), runKind)) return [];
  const values = timing === undefined ? someValues : valuesFor(timing.next(now) ?? now, timing, { namespace, name });
  const { spec, isKnown } = runSpecOf(template, language, values);
  // Where the run has it, below the template.
  return checkRun(spec)
    .filter(({ path }) => isKnown || path[1] !== "params")
    .map((problem) => ({ ...problem, path: ["spec", "template", ...problem.path] }));
}

/** The spec of a run that a template makes; where an expression of its params is wrong, which is told by itself, its params aren't known. */
function runSpecOf(template: Template, language: Language, values: ScheduleValues): { spec: Template["spec"]; isKnown: boolean } {
  try {
    return { spec: render(template, language, values).spec, isKnown: true };
  } catch {
    const { params: _, ...spec } = template.spec;
    return { spec, isKnown: false };
  }
}
