import type { Occurrence } from "@plimsoll/kube";
import type { NodeView } from "@plimsoll/model";
import type { Breaker, Decision } from "./decide.ts";

/** What users are told of a decision about a node; undefined: nothing. */
export function told(decision: Decision, { count, limit }: Breaker): Occurrence | undefined {
  const { node } = decision;
  const since = `it has been NotReady since ${new Date(node.ready.since).toISOString().slice(0, 19)}Z`;
  switch (decision.do) {
    case "keep":
      return occurrence(node, "Normal", "MachineExists", "Keeping", `${since}, and its machine exists: the node is kept`);
    case "wait":
      return occurrence(
        node,
        "Warning",
        "MachineUnsure",
        "Keeping",
        `${since}, and of its machine nothing is known: ${decision.why}. The node is kept`,
      );
    case "confirm":
      return occurrence(
        node,
        "Normal",
        "MachineGone",
        "Confirming",
        `${since}, and its machine is gone: ${decision.why}. It is asked for once more`,
      );
    case "stop":
      return occurrence(
        node,
        "Warning",
        "CleanupStopped",
        "Keeping",
        `its machine is gone: ${decision.why}. But with those deleted before that would be ${count} nodes, and ${limit} may be: none is deleted. ` +
          "If they are gone indeed, delete them, or raise features.cleanup.breaker",
      );
    case "tell":
      return occurrence(
        node,
        "Normal",
        "NodeWouldBeDeleted",
        "DryRun",
        `${since}, and its machine is gone: ${decision.why}. With features.cleanup.dryRun: false the node would be deleted`,
      );
    case "delete":
      return undefined;
  }
}

export function toldOfDeletion(node: NodeView, why: string): Occurrence {
  return occurrence(node, "Normal", "NodeDeleted", "Deleting", `its machine is gone: ${why}. The node was deleted`);
}

export function toldOfFailure(node: NodeView, why: string): Occurrence {
  return occurrence(node, "Warning", "NodeNotDeleted", "Deleting", `its machine is gone, and the node could not be deleted: ${why}`);
}

function occurrence({ name, uid }: NodeView, type: Occurrence["type"], reason: string, action: string, note: string): Occurrence {
  return { regarding: { apiVersion: "v1", kind: "Node", name, uid }, type, reason, action, note };
}
