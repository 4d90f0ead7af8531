import { count, type DrainStatus } from "@plimsoll/api";
import type { Occurrence } from "@plimsoll/kube";
import type { DrainView } from "../decide/drain-view.ts";
import { nodesThatTurned } from "../decide/node-progress.ts";
import { toldOfChange } from "../told.ts";

/** The events that a new status of a Drain brings. */
export function announcements(drain: DrainView, after: DrainStatus): Occurrence[] {
  const before = drain.status;
  const told: Occurrence[] = [];
  const tell = (reason: string, note: string, isWarning = false): void => void told.push(toldOfChange(drain, reason, note, isWarning));
  if (before.startedAt === undefined && after.startedAt !== undefined)
    tell("DrainStarted", `drains ${count(after.nodes?.length ?? 0, "node")}, with ${count(after.left ?? 0, "pod")} to move`);
  for (const type of ["Blocked", "TimedOut"]) {
    const [old, now] = [before, after].map(({ conditions = [] }) => conditions.find((condition) => condition.type === type));
    if (now?.status === "True" && (old?.status !== "True" || old.reason !== now.reason)) tell(type, now.message, true);
  }
  for (const { name, phase } of nodesThatTurned(before, after))
    if (phase === "Released") tell("NodeReleased", `somebody has uncordoned the node ${name}, which is left alone`, true);
  if (before.phase !== after.phase) {
    if (after.phase === "Succeeded")
      tell(
        "DrainSucceeded",
        after.message ?? `drained ${count(after.nodes?.length ?? 0, "node")}, to stay cordoned until the Drain is deleted`,
      );
    if (after.phase === "Failed") tell("DrainFailed", after.message ?? "", true);
  }
  return told;
}
