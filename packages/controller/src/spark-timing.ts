import { timingOf, type Timing } from "@plimsoll/features/schedules/lint";
import type { Scheduling } from "@plimsoll/features/spark";

/** When a ScheduledSparkApplication's runs are due, by what schedules of pipelines are read by. */
export const sparkTimingOf: Scheduling<Timing>["timingOf"] = ({ cron, timeZone }) => {
  const found = timingOf({ cron: [cron], ...(timeZone === undefined ? {} : { timeZone }) });
  if ("timing" in found) return found;
  // The kind has one expression, in a field of another name.
  return {
    problems: found.problems.map(({ path, message }) => ({
      path: path[1] === "cron" ? ["spec", "schedule"] : path,
      message: path[1] === "cron" ? `is ${message}` : message,
    })),
  };
};
