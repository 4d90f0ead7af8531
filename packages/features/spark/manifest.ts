import { readSparkObject, type Problem } from "@plimsoll/api";
import { checkedSchedule } from "./check-schedule.ts";
import { checkedSpec } from "./check.ts";
import type { PodJudge } from "./parts.ts";
import type { Scheduling } from "./schedule/scheduling.ts";

/** What the controller would refuse of an object of a file, whatever the installation; undefined for one that isn't of Spark's kinds. */
export function problemsOf(
  value: unknown,
  { timingOf, judge }: Pick<Scheduling, "timingOf"> & { judge: PodJudge },
): readonly Problem[] | undefined {
  const read = readSparkObject(value);
  if (read === undefined) return undefined;
  if (!("spec" in read)) return read.problems;
  // Which ServiceAccounts drivers may run as is the installation's matter.
  const rules = { serviceAccounts: undefined, judge };
  const { kind, name, spec } = read;
  const checked = kind === "SparkApplication" ? checkedSpec(spec, rules) : checkedSchedule(name, spec, rules, timingOf);
  return [...read.problems, ...("problems" in checked ? checked.problems : [])];
}
