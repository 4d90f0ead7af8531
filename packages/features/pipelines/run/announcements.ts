import type { EndedTry } from "@plimsoll/api";
import type { Occurrence } from "@plimsoll/kube";
import type { Decision, Outcome } from "../decide/decision.ts";
import type { TryView } from "../step/kind.ts";
import type { Plan } from "../plan/plan.ts";

/** What is told of a run as an event, or of one of its steps: what happens to several of these is not counted as one. */
export type Announcement = Pick<Occurrence, "type" | "reason" | "action" | "note"> & { step?: string };

export const started: Announcement = { type: "Normal", reason: "Started", action: "Start", note: "the run has started" };

/** Of what the Pipeline remembers, how much is none. */
export function unreadable(count: number): Announcement {
  const note = `status.sizing of the run's Pipeline has ${count} ${count === 1 ? "entry" : "entries"} that can't be read: left out, and gone at the run's end`;
  return { type: "Warning", reason: "SizingUnreadable", action: "Start", note };
}

/** Why the Pipeline doesn't remember how the run's tries went. */
export function forgotten(why: string): Announcement {
  return {
    type: "Warning",
    reason: "SizingForgotten",
    action: "End",
    note: `the run's Pipeline can't remember what its steps used: ${why}`,
  };
}

/** The tries that did not succeed, and are made again. */
export function retriesOf({ changes }: Decision): (EndedTry & { step: number })[] {
  return [...changes].flatMap(([step, { tries, failed }]) =>
    tries.filter(({ item = 0 }) => !failed.has(item)).map((ended) => ({ ...ended, step })),
  );
}

/** What a decision, and what has come of it, tell users of a run. */
export function announcementsOf(decision: Decision, outcome: Outcome, plan: Plan): Announcement[] {
  const nameOf = (step: number): string => plan.steps[step]?.name ?? "";
  const retries = retriesOf(decision).map(({ step, item, message }) =>
    warning("Retrying", "Retry", nameOf(step), `${item === undefined ? "" : `, item ${item}`}: ${message}`),
  );
  const failures = [...decision.ended].flatMap(([step, { phase, message }]) =>
    phase === "Failed" ? [warning("StepFailed", "EndStep", nameOf(step), `: ${message ?? "failed"}`)] : [],
  );
  const blocked = [...outcome.blocked].map(([step, message]) => warning("FailedCreate", "CreatePod", nameOf(step), `: ${message}`));
  const refused = [...outcome.refused].map(([step, message]) => warning("StepFailed", "CreatePod", nameOf(step), `: ${message}`));
  return [...retries, ...failures, ...blocked, ...refused, ...endOf(decision.end)];
}

/** What is told of objects that the API server doesn't delete for now. */
export function undeleted(refused: ReadonlyMap<TryView, string>): Announcement[] {
  return [...refused].map(([{ step }, message]) => warning("FailedDelete", "Delete", step, `: ${message}`));
}

function endOf(end: Decision["end"]): Announcement[] {
  if (end === undefined) return [];
  const { phase, message } = end;
  return [
    { type: phase === "Failed" ? "Warning" : "Normal", reason: phase, action: "End", note: message ?? `the run has ${words[phase]}` },
  ];
}

const words = { Succeeded: "succeeded", Failed: "failed", Cancelled: "been cancelled" };

function warning(reason: string, action: string, step: string, text: string): Announcement {
  return { type: "Warning", reason, action, step, note: `step ${step}${text}` };
}
