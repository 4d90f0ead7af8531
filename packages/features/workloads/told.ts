import { apiVersion, type WorkloadSet } from "@plimsoll/api";
import type { Occurrence } from "@plimsoll/kube";
import { listed } from "./listed.ts";
import { titleOf, type Ref } from "./objects/ref.ts";

/** What is told of a set, and of which of its objects. */
type Told = Pick<Occurrence, "type" | "reason" | "action" | "note"> & { about?: About };

/** An object, with its UID where that is known. */
type About = Ref & { uid?: string | undefined };

/** What tells of sets. */
export type Tell = (set: Pick<WorkloadSet, "metadata">, told: Told) => void;

export function telling(record: (occurrence: Occurrence) => void): Tell {
  return ({ metadata: { namespace, name = "", uid = "" } }, { about, ...told }) =>
    record({
      regarding: { apiVersion, kind: "WorkloadSet", namespace, name, uid },
      // What happens to one object is another series than the same of another.
      ...(about && { related: { apiVersion: about.apiVersion, kind: about.kind, namespace, name: about.name, uid: about.uid ?? "" } }),
      ...told,
    });
}

export function toldInvalid(message: string): Told {
  return { type: "Warning", reason: "Invalid", action: "Check", note: message };
}

export function toldApplied(titles: readonly string[]): Told {
  return { type: "Normal", reason: "Applied", action: "Apply", note: `applied ${listed(titles)}` };
}

export function toldCorrected(about: About, how: string): Told {
  return {
    about,
    type: "Normal",
    reason: "DriftCorrected",
    action: "Apply",
    note: `${titleOf(about)}: ${how}; it is as the set says again`,
  };
}

export function toldPruned(about: About): Told {
  return {
    about,
    type: "Normal",
    reason: "Pruned",
    action: "Delete",
    note: `deleted ${titleOf(about)}, which the set doesn't list any more`,
  };
}

export function toldLeft(about: About): Told {
  return {
    about,
    type: "Normal",
    reason: "LeftAlone",
    action: "Delete",
    note: `${titleOf(about)} isn't the one that the set applied: it stays`,
  };
}

export function toldReplaced(about: About, why: string): Told {
  return { about, type: "Normal", reason: "Replaced", action: "Delete", note: `deleted ${titleOf(about)} to make it anew: ${why}` };
}

export function toldFailure(reason: string, note: string): Told {
  return { type: "Warning", reason, action: "Apply", note };
}
