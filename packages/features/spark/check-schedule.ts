import { readScheduledSparkSpec, type Problem, type ScheduledSparkApplicationSpec } from "@plimsoll/api";
import { checkedSpec, type Rules } from "./check.ts";
import type { Scheduling, Timing } from "./schedule/scheduling.ts";

/** What a run is called by after its schedule: a dash, and the time. */
const suffix = 1 + 14;
const longest = 63 - suffix;

/** Reads a schedule's spec, with the application's within: nothing of it is ignored. */
export function checkedSchedule(
  name: string,
  spec: unknown,
  rules: Rules,
  timingOf: Scheduling["timingOf"],
): { spec: ScheduledSparkApplicationSpec; timing: Timing } | { problems: readonly Problem[] } {
  const read = readScheduledSparkSpec(spec);
  if ("problems" in read) return read;
  const timing = timingOf({ cron: read.spec.schedule, timeZone: read.spec.timeZone });
  const template = checkedSpec(read.spec.template, rules, ["spec", "template"]);
  const problems = [
    ...nameProblems(name),
    ...("problems" in timing ? timing.problems : []),
    ...("problems" in template ? template.problems : []),
  ];
  return problems.length > 0 || "problems" in timing ? { problems } : { spec: read.spec, timing: timing.timing };
}

function nameProblems(name: string): Problem[] {
  if (name.length <= longest) return [];
  return [
    { path: ["metadata", "name"], message: `has ${name.length} characters: give it at most ${longest}, as its runs are called by it` },
  ];
}
