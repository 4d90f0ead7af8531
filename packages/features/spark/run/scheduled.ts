import type { ScheduledSparkApplication, ScheduledSparkApplicationStatus } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";
import type { ApplicationRef } from "../attempt.ts";
import { checkedSchedule } from "../check-schedule.ts";
import type { Rules } from "../check.ts";
import type { Scheduling } from "../schedule/scheduling.ts";

/** A ScheduledSparkApplication, as it is decided by. */
export interface Scheduled extends ApplicationRef {
  resourceVersion: string;
  createdAt: number;
  read: ReturnType<typeof checkedSchedule>;
  status: ScheduledSparkApplicationStatus;
}

/** Undefined for one that is being deleted. */
export function scheduledOf(
  { metadata, spec, status = {} }: Stored<ScheduledSparkApplication>,
  rules: Rules,
  scheduling: Scheduling,
): Scheduled | undefined {
  const { namespace = "", name, uid, resourceVersion, creationTimestamp, deletionTimestamp } = metadata;
  if (deletionTimestamp !== undefined) return undefined;
  const createdAt = Date.parse(creationTimestamp);
  return { namespace, name, uid, resourceVersion, createdAt, read: checkedSchedule(name, spec, rules, scheduling.timingOf), status };
}
