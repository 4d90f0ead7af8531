import { readScheduledSparkSpec, valueAt, type Problem, type ScheduledSparkApplicationSpec } from "@plimsoll/api";
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
  const template = checkedSpec(valueAt(spec, ["template"]), rules, ["spec", "template"]);
  const [cron, timeZone] = [valueAt(spec, ["schedule"]), valueAt(spec, ["timeZone"])];
  // Of another type, they are among what is wrong with the fields.
  const timing = typeof cron === "string" ? timingOf({ cron, timeZone: typeof timeZone === "string" ? timeZone : undefined }) : undefined;
  const problems = [
    ...nameProblems(name),
    ...("problems" in read ? read.problems.filter(({ path: [, field] }) => field !== "template") : []),
    ...(timing !== undefined && "problems" in timing ? timing.problems : []),
    ...("problems" in template ? template.problems : []),
  ];
  if ("problems" in read || timing === undefined || "problems" in timing || problems.length > 0) return { problems };
  return { spec: read.spec, timing: timing.timing };
}

function nameProblems(name: string): Problem[] {
  if (name.length <= longest) return [];
  return [
    { path: ["metadata", "name"], message: `has ${name.length} characters: give it at most ${longest}, as its runs are called by it` },
  ];
}
