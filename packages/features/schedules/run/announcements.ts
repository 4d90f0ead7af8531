import { apiVersion, type PipelineSchedule } from "@plimsoll/api";
import type { Occurrence } from "@plimsoll/kube";
import type { Omitted } from "../decide/omitted.ts";
import type { SchedulesRuntime } from "../permissions.ts";
import { timeText } from "../template.ts";

/** What is told of a schedule or a backfill as an event. */
export type Announcement = Pick<Occurrence, "type" | "reason" | "action" | "note">;

const why: Record<Omitted["reason"], string> = {
  Missed: "nothing was there to start it in time",
  Forbidden: "a run of the schedule was still going on (concurrency: Forbid)",
  Replaced: "a later one has taken its place (concurrency: Replace)",
  QueueFull: "too many wait already (concurrency: Queue)",
};

/** What tells of objects of a kind. */
export function telling(
  events: SchedulesRuntime["events"],
  kind: "PipelineSchedule" | "Backfill",
): (of: Pick<PipelineSchedule, "metadata">, announcement: Announcement) => void {
  return ({ metadata: { namespace, name = "", uid = "" } }, announcement) =>
    events.record({ regarding: { apiVersion, kind, namespace, name, uid }, ...announcement });
}

export function omission({ reason, from, to, count, isMore }: Omitted): Announcement {
  const times = from === to ? timeText(from) : `${isMore ? "more than " : ""}${count} times from ${timeText(from)} to ${timeText(to)}`;
  return { type: "Warning", reason, action: "LeaveOut", note: `no run for ${times}: ${why[reason]}` };
}

export function started(name: string, time: number): Announcement {
  return { type: "Normal", reason: "Started", action: "Start", note: `started ${name} for ${timeText(time)}` };
}

export function failure(time: number, message: string): Announcement {
  return { type: "Warning", reason: "FailedCreate", action: "Start", note: `no run could be made for ${timeText(time)}: ${message}` };
}

export function invalid(message: string): Announcement {
  return { type: "Warning", reason: "Invalid", action: "Check", note: message };
}

export function replaced(name: string): Announcement {
  return { type: "Normal", reason: "Ending", action: "End", note: `${name} is ended, as another takes its place` };
}
