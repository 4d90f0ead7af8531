import { decide, runName, timingOf, type Timing } from "@plimsoll/features/schedules";
import type { Scheduling } from "@plimsoll/features/spark";

/** ScheduledSparkApplications by what schedules of pipelines are carried out by: of times that were missed, the latest is run. */
export const sparkSchedules: Scheduling<Timing> = {
  runName,
  timingOf: ({ cron, timeZone }) => {
    const found = timingOf({ cron: [cron], ...(timeZone === undefined ? {} : { timeZone }) });
    if ("timing" in found) return found;
    // The kind has one expression, in a field of another name.
    return {
      problems: found.problems.map(({ path, message }) => ({
        path: path[1] === "cron" ? ["spec", "schedule"] : path,
        message: path[1] === "cron" ? `is ${message}` : message,
      })),
    };
  },
  decide: ({ timing, isSuspended, concurrency, history, lastTime, runs, now }) => {
    const digest = "";
    const decision = decide({
      rules: {
        timing,
        digest,
        delay: 0,
        isSuspended,
        missedRuns: "latest",
        deadline: Infinity,
        concurrency,
        history: { ...history, cancelled: 0 },
      },
      record: { digest, lastTime, queue: [] },
      createdAt: lastTime,
      runs,
      made: [],
      now,
    });
    const { lastTime: upTo, queue } = decision.record;
    // What waits for another's end has not been dealt with: the kind's status has no other place for it.
    return { ...decision, lastTime: queue[0] === undefined ? upTo : queue[0] - 1 };
  },
};
