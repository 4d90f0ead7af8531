import { vpaGroup, vpaVersion } from "@plimsoll/api";
import type { About, Told } from "../telling.ts";

function about(name: string): About {
  return { apiVersion: `${vpaGroup}/${vpaVersion}`, kind: "VerticalPodAutoscaler", name };
}

export function toldMade(name: string, title: string): Told {
  return {
    about: about(name),
    type: "Normal",
    reason: "Made",
    action: "Make",
    note: `made the VerticalPodAutoscaler ${name} for ${title}`,
  };
}

export function toldDeleted(name: string): Told {
  return {
    about: about(name),
    type: "Normal",
    reason: "Deleted",
    action: "Delete",
    note: `deleted the VerticalPodAutoscaler ${name}, which is not wanted any more`,
  };
}

export function toldLimitsStay(name: string, containers: readonly string[]): Told {
  return {
    about: about(name),
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
