import type { PipelineRun } from "@plimsoll/api";
import type { BackfillRun } from "../../decide/backfill.ts";
import { annotations, labels } from "../../labels.ts";
import type { ObjectKind } from "../../template.ts";

/** What is kept of a run. */
export interface RunView extends BackfillRun {
  namespace: string;
  /** The UID of the schedule or backfill that it belongs to; empty where it belongs to none. */
  owner: string;
  /** The schedule's name. */
  schedule: string;
  kind: ObjectKind;
}

/** An object that was made of a template, as far as it is read. */
export interface MadeObject {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  metadata: PipelineRun["metadata"];
  spec?: object | undefined;
  status?: object | undefined;
}

/** How an object stands: the one thing that differs from kind to kind. */
export type PhaseOf<T> = (object: T) => { phase: RunView["phase"]; isEnding: boolean };

/** Undefined for what is no run of a schedule. */
export function viewRun<T extends MadeObject>(object: T, kind: ObjectKind, phaseOf: PhaseOf<T>): RunView | undefined {
  const { namespace = "", name = "", uid = "", labels: own = {}, annotations: notes = {}, deletionTimestamp } = object.metadata;
  const schedule = own[labels.schedule];
  const time = Date.parse(notes[annotations.time] ?? "");
  if (schedule === undefined || Number.isNaN(time)) return undefined;
  const { phase, isEnding } = phaseOf(object);
  return {
    namespace,
    name,
    uid,
    owner: ownerOf(object.metadata),
    schedule,
    time,
    round: Number(notes[annotations.round] ?? 1),
    phase,
    isEnding: isEnding || deletionTimestamp !== undefined,
    isEndedByBackfill: notes[annotations.endedBy] === "backfill",
    kind,
  };
}

/** How a PipelineRun stands. */
export const phaseOfRun: PhaseOf<PipelineRun> = ({ spec, status }) => ({
  phase: status?.finishedAt === undefined ? "active" : outcomes[status.phase ?? "Failed"],
  isEnding: spec.cancel ?? false,
});

const outcomes = { Pending: "failed", Running: "failed", Succeeded: "succeeded", Failed: "failed", Cancelled: "cancelled" } as const;

/** The UID of the controller among an object's owners. */
export function ownerOf(metadata: object): string {
  const owners: unknown = "ownerReferences" in metadata ? metadata.ownerReferences : undefined;
  if (!Array.isArray(owners)) return "";
  const owner = (owners as { uid?: string; controller?: boolean }[]).find(({ controller }) => controller);
  return owner?.uid ?? "";
}
