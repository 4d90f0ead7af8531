import {
  readScheduledSparkSpec,
  type Problem,
  type ScheduledSparkApplication,
  type ScheduledSparkApplicationSpec,
  type ScheduledSparkApplicationStatus,
} from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";
import type { ApplicationRef } from "../attempt.ts";
import { checkedSpec, type Rules } from "../check.ts";
import type { Scheduling, Timing } from "../schedule/scheduling.ts";

/** A ScheduledSparkApplication, as it is decided by. */
export interface Scheduled extends ApplicationRef {
  resourceVersion: string;
  createdAt: number;
  read: { spec: ScheduledSparkApplicationSpec; timing: Timing } | { problems: readonly Problem[] };
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
  return { namespace, name, uid, resourceVersion, createdAt, read: readSchedule(spec, name, rules, scheduling), status };
}

function readSchedule(spec: unknown, name: string, rules: Rules, scheduling: Scheduling): Scheduled["read"] {
  const read = readScheduledSparkSpec(spec);
  if ("problems" in read) return read;
  const timing = scheduling.timingOf({ cron: read.spec.schedule, timeZone: read.spec.timeZone });
  if ("problems" in timing) return timing;
  const checked = checkedSpec(read.spec.template, rules, ["spec", "template"]);
  if ("problems" in checked) return checked;
  // What its runs are called behind it, and what is called by them.
  if (name.length > 63 - 1 - 14)
    return {
      problems: [
        { path: ["metadata", "name"], message: `has ${name.length} characters: give it at most 48, as its runs are called by it` },
      ],
    };
  return { spec: read.spec, ...timing };
}
