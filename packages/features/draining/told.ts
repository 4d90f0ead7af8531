import { apiVersion } from "@plimsoll/api";
import type { ObjectReference, Occurrence } from "@plimsoll/kube";
import type { NodeView, PodView } from "@plimsoll/model";
import type { DrainView } from "./decide/drain-view.ts";

const drainOf = ({ name, uid }: Pick<DrainView, "name" | "uid">): ObjectReference => ({ apiVersion, kind: "Drain", name, uid });
const nodeOf = ({ name, uid }: NodeView): ObjectReference => ({ apiVersion: "v1", kind: "Node", name, uid });

export function toldOfCordon(node: NodeView, drain: DrainView): Occurrence {
  return {
    regarding: nodeOf(node),
    related: drainOf(drain),
    type: "Normal",
    reason: node.isUnschedulable ? "CordonShared" : "Cordoned",
    action: "Cordoning",
    note: node.isUnschedulable
      ? `was cordoned already, and stays so at least until the Drain ${drain.name} is over`
      : `cordoned, as the Drain ${drain.name} drains it`,
  };
}

export function toldOfRelease(node: NodeView, isUncordoned: boolean): Occurrence {
  return {
    regarding: nodeOf(node),
    type: "Normal",
    reason: isUncordoned ? "Uncordoned" : "CordonLeft",
    action: "Uncordoning",
    note: isUncordoned
      ? "uncordoned, as no Drain is about it any more"
      : "stays cordoned: somebody else, or another Drain, has cordoned it, too",
  };
}

export function toldOfDeletion({ namespace, name, uid, node }: PodView, drain: DrainView): Occurrence {
  return {
    regarding: { apiVersion: "v1", kind: "Pod", namespace, name, uid },
    related: drainOf(drain),
    type: "Warning",
    reason: "DeletedByDrain",
    action: "Deleting",
    note: `deleted without asking its PodDisruptionBudgets: it could not be evicted from ${node ?? ""} within ${drain.spec.timeout ?? ""}, and the Drain ${drain.name} says onTimeout: delete`,
  };
}

/** What has happened to a Drain, by the condition that changed. */
export function toldOfChange(drain: DrainView, reason: string, note: string, isWarning: boolean): Occurrence {
  return { regarding: drainOf(drain), type: isWarning ? "Warning" : "Normal", reason, action: "Draining", note };
}

export function toldOfSurge(deployment: ObjectReference, drain: DrainView, reason: string, note: string): Occurrence {
  return {
    regarding: deployment,
    related: drainOf(drain),
    type: reason === "Surged" || reason === "SurgeUndone" ? "Normal" : "Warning",
    reason,
    action: "Scaling",
    note,
  };
}
