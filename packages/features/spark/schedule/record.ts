import type { ScheduledSparkApplicationStatus } from "@plimsoll/api";
import type { Timing } from "./scheduling.ts";

/**
 * Up to when a schedule's times have been dealt with, as its status tells it: up to the next one. Of a schedule that has changed or was
 * suspended, those count from now on. Milliseconds since 1970.
 */
export function dealtWith(
  { nextRun, scheduleState }: Pick<ScheduledSparkApplicationStatus, "nextRun" | "scheduleState">,
  { next }: Timing,
  { createdAt, now }: { createdAt: number; now: number },
): number {
  if (scheduleState === undefined || scheduleState === "") return createdAt;
  const told = Date.parse(nextRun ?? "");
  if (Number.isNaN(told)) return now;
  const expected = told > now ? next(now) : next(told - 1);
  return expected === told ? told - 1 : now;
}
