import { apiVersion, type WorkloadSet } from "@plimsoll/api";
import type { Occurrence } from "@plimsoll/kube";

type Told = Pick<Occurrence, "type" | "reason" | "action" | "note">;

/** What tells of sets. */
export type Tell = (set: Pick<WorkloadSet, "metadata">, told: Told) => void;

export function telling(record: (occurrence: Occurrence) => void): Tell {
  return ({ metadata: { namespace, name = "", uid = "" } }, told) =>
    record({ regarding: { apiVersion, kind: "WorkloadSet", namespace, name, uid }, ...told });
}

export function toldInvalid(message: string): Told {
  return { type: "Warning", reason: "Invalid", action: "Check", note: message };
}

export function toldApplied(titles: readonly string[]): Told {
  return { type: "Normal", reason: "Applied", action: "Apply", note: `applied ${listed(titles)}` };
}

export function toldCorrected(title: string, how: string): Told {
  return { type: "Normal", reason: "DriftCorrected", action: "Apply", note: `${title}: ${how}; it is as the set says again` };
}

export function toldPruned(title: string): Told {
  return { type: "Normal", reason: "Pruned", action: "Delete", note: `deleted ${title}, which the set doesn't list any more` };
}

export function toldLeft(title: string): Told {
  return { type: "Normal", reason: "LeftAlone", action: "Delete", note: `${title} isn't the one that the set applied: it stays` };
}

export function toldReplaced(title: string, why: string): Told {
  return { type: "Normal", reason: "Replaced", action: "Delete", note: `deleted ${title} to make it anew: ${why}` };
}

export function toldFailure(reason: string, note: string): Told {
  return { type: "Warning", reason, action: "Apply", note };
}

function listed(titles: readonly string[]): string {
  return titles.length > 5 ? `${titles.slice(0, 5).join(", ")} and ${titles.length - 5} more` : titles.join(", ");
}
