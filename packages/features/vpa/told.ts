import { apiVersion, vpaGroup, vpaVersion } from "@plimsoll/api";
import type { Occurrence } from "@plimsoll/kube";
import type { Policy } from "./decide/policy.ts";

/** What is told of a policy, and of which VerticalPodAutoscaler. */
export type Told = Pick<Occurrence, "type" | "reason" | "action" | "note"> & { name?: string };

/** What tells of policies. */
export type Tell = (policy: Pick<Policy, "metadata">, told: Told) => void;

export function telling(record: (occurrence: Occurrence) => void): Tell {
  return ({ metadata: { namespace, name, uid } }, { name: about, ...told }) =>
    record({
      regarding: { apiVersion, kind: "RightSizingPolicy", namespace, name, uid },
      // What happens to one is another series than the same of another.
      ...(about !== undefined && {
        related: { apiVersion: `${vpaGroup}/${vpaVersion}`, kind: "VerticalPodAutoscaler", namespace, name: about, uid: "" },
      }),
      ...told,
    });
}

export function toldMade(name: string, title: string): Told {
  return { name, type: "Normal", reason: "Made", action: "Make", note: `made the VerticalPodAutoscaler ${name} for ${title}` };
}

export function toldDeleted(name: string): Told {
  return {
    name,
    type: "Normal",
    reason: "Deleted",
    action: "Delete",
    note: `deleted the VerticalPodAutoscaler ${name}, which is not wanted any more`,
  };
}

export function toldLimitsStay(name: string, containers: readonly string[]): Told {
  return {
    name,
    type: "Warning",
    reason: "LimitsStay",
    action: "Make",
    note: `VerticalPodAutoscaler can't remove limits: those of ${containers.join(", ")} stay, as with limits: keep`,
  };
}

export function toldHindered(reason: string, title: string, message: string): Told {
  return { type: "Warning", reason, action: "Make", note: `${title} gets no VerticalPodAutoscaler: ${message}` };
}

export const toldMissing: Told = {
  type: "Warning",
  reason: "NotInstalled",
  action: "Make",
  note: "the API server knows no VerticalPodAutoscaler: install VerticalPodAutoscaler's CRDs; it goes on by itself then",
};
