import { decide, runName, type Timing } from "@plimsoll/features/schedules";
import type { Scheduling } from "@plimsoll/features/spark";
import { sparkTimingOf } from "./spark-timing.ts";

/** ScheduledSparkApplications by what schedules of pipelines are carried out by: of times that were missed, the latest is run. */
export const sparkSchedules: Scheduling<Timing> = {
  runName,
  timingOf: sparkTimingOf,
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
