import type { NodeView } from "@plimsoll/model";
import type { Look } from "./look.ts";
import type { Policy } from "./policy.ts";

/** What is known when it is decided. */
export interface Observed {
  /** All that there are. */
  nodes: readonly NodeView[];
  /** What the cloud was found to say, by the nodes' uid. */
  looks: ReadonlyMap<string, Look>;
  /** When nodes were deleted. */
  deletedAt: readonly number[];
  /** Milliseconds since 1970, as all times here. */
  now: number;
}

/** What is done about a node that has been NotReady for too long. */
export type Decision =
  /** Its machine is there. */
  | { do: "keep"; node: NodeView }
  /** The cloud's answer leaves a doubt, or there is none yet. */
  | { do: "wait"; node: NodeView; why: string }
  /** The machine is gone, and one more look is to say so. */
  | { do: "confirm"; node: NodeView; why: string }
  /** It would be deleted, but too many would be at once. */
  | { do: "stop"; node: NodeView; why: string }
  /** It would be deleted, if it weren't a dry run. */
  | { do: "tell"; node: NodeView; why: string }
  | { do: "delete"; node: NodeView; why: string };

/** Whether too many machines are gone for the answers to be believed. */
export interface Breaker {
  isOpen: boolean;
  /** Nodes whose machines are gone, and those deleted within the window. */
  count: number;
  /** How many these may be. */
  limit: number;
}

/** Nodes that have been NotReady for so long that their machines are asked for. One that is being deleted is none. */
export function suspectsOf(nodes: readonly NodeView[], { notReadyFor, graceAfterCreation }: Policy, now: number): NodeView[] {
  return nodes.filter(
    ({ ready, createdAt, endsAt }) =>
      ready.status !== "True" && now - ready.since >= notReadyFor && now - createdAt >= graceAfterCreation && endsAt === undefined,
  );
}

/** What to do about each of the suspects. A node is deleted if it has been NotReady for too long and its machine is gone: both, always. */
export function decide({ nodes, looks, deletedAt, now }: Observed, policy: Policy): { decisions: Decision[]; breaker: Breaker } {
  const suspects = suspectsOf(nodes, policy, now);
  const gone = suspects.filter(({ uid }) => looks.get(uid)?.goneSince !== undefined).length;
  const breaker = breakerOf(nodes.length, gone, deletedAt.filter((at) => now - at < policy.window).length, policy);
  return { decisions: suspects.map((node) => decisionOf(node, looks.get(node.uid), { policy, breaker, now })), breaker };
}

interface Circumstances {
  policy: Policy;
  breaker: Breaker;
  now: number;
}

function decisionOf(node: NodeView, look: Look | undefined, { policy, breaker, now }: Circumstances): Decision {
  if (look === undefined) return { do: "wait", node, why: "it was not asked for yet" };
  const { verdict, goneSince, at } = look;
  if (verdict.state === "exists") return { do: "keep", node };
  const { why } = verdict;
  if (verdict.state === "unsure" || goneSince === undefined) return { do: "wait", node, why };
  if (breaker.isOpen) return { do: "stop", node, why };
  if (at - goneSince < policy.checkInterval) return { do: "confirm", node, why };
  if (policy.dryRun) return { do: "tell", node, why };
  // What was said a while ago may not be so any more.
  return { do: now - at >= policy.checkInterval ? "confirm" : "delete", node, why };
}

function breakerOf(nodes: number, gone: number, deleted: number, { maxCount, maxPercent }: Policy): Breaker {
  // Of what there was before.
  const share = Math.floor(((nodes + deleted) * maxPercent) / 100);
  const limit = Math.min(maxCount, Math.max(1, share));
  const count = gone + deleted;
  // What was deleted before stops nothing while nothing more is to be.
  return { isOpen: gone > 0 && count > limit, count, limit };
}
