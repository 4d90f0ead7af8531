import type { RecurrenceOf } from "@plimsoll/features/resizing";
import { timingOf } from "@plimsoll/features/schedules/lint";

/** When windows open, by what schedules of pipelines are read by. */
export const recurrenceOf: RecurrenceOf = ({ cron, timeZone }) => {
  const found = timingOf({ cron: [cron], ...(timeZone === undefined ? {} : { timeZone }) }, []);
  if ("timing" in found) return { recurrence: found.timing };
  // A window has one expression.
  return { problems: found.problems.map(({ path, ...problem }) => ({ ...problem, path: path.slice(0, 1) })) };
};
