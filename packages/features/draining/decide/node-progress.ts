import type { Blocker, DrainedNode, DrainStatus } from "@plimsoll/api";
import type { NodeView } from "@plimsoll/model";
import { explain, type Verdict } from "../plan/index.ts";
import { blockerOf, isMoving, type Standing } from "./blocker.ts";

/** What is known of a node that a Drain is about. */
export interface NodeFacts {
  name: string;
  /** Undefined: there is none any more. */
  node: NodeView | undefined;
  /** Whether the Drain has cordoned it. */
  isHeld: boolean;
  pods: readonly Standing[];
  /** How many of its pods have still to go. */
  left: number;
  before: DrainedNode | undefined;
  /** Milliseconds that it may take. */
  timeout: number | undefined;
  now: number;
}

/** How far a node is: with all its blockers, of which the status tells the first. */
export type NodeProgress = DrainedNode & { blockers: Blocker[] };

/** How far a node is. */
export function progressOf({ name, node, isHeld, pods, left, before, timeout, now }: NodeFacts): NodeProgress {
  const { startedAt, finishedAt = new Date(now).toISOString(), pods: total = left } = before ?? {};
  const started = { ...(startedAt === undefined ? {} : { startedAt }), ...(before?.timedOut ? { timedOut: true } : {}) };
  if (node === undefined) return { name, phase: "Gone", pods: total, left: 0, ...started, finishedAt, blockers: [] };
  if (before?.phase === "Released" || (isHeld && !node.isUnschedulable))
    return { name, phase: "Released", ...started, finishedAt, message: "somebody has uncordoned it", blockers: [] };
  if (left === 0 && isHeld) return { name, phase: "Drained", pods: total, left, ...started, finishedAt, blockers: [] };
  const blockers = pods.flatMap((pod) => blockerOf(pod, now) ?? []);
  const phase = pods.some(isMoving) ? "Draining" : blockers.length > 0 ? "Blocked" : "Waiting";
  const isTurn = phase !== "Waiting" && !pods.some(waitsFor("node"));
  const givesTime = pods.some(waitsFor("job"));
  const begun = startedAt ?? (isTurn && !givesTime ? new Date(now).toISOString() : undefined);
  const timedOut = timeout !== undefined && begun !== undefined && !givesTime && now >= Date.parse(begun) + timeout;
  const message = waitingFor(pods);
  return {
    name,
    phase,
    pods: Math.max(total, left),
    left,
    ...(begun === undefined ? {} : { startedAt: begun }),
    ...(timedOut ? { timedOut } : {}),
    ...(message === undefined ? {} : { message }),
    blockers,
  };
}

function waitsFor(what: (Verdict & { kind: "waits" })["for"]): (standing: Standing) => boolean {
  return ({ verdict }) => verdict.kind === "waits" && verdict.for === what;
}

/** What the first pod waits for that does, in words. */
function waitingFor(pods: readonly Standing[]): string | undefined {
  const waiting = pods.filter(({ verdict, isReturned }) => verdict.kind === "waits" && !isReturned);
  // What is special to a pod says more than that others come first.
  const first = waiting.find(({ verdict }) => verdict.kind === "waits" && !["node", "refused"].includes(verdict.for)) ?? waiting[0];
  if (first === undefined) return undefined;
  const more = waiting.length > 1 ? ` (and ${waiting.length - 1} more wait)` : "";
  return `${first.pod.namespace}/${first.pod.name} ${explain(first.verdict)}${more}`.slice(0, 400);
}

/** The nodes whose phase is another than before. */
export function nodesThatTurned(before: DrainStatus, { nodes = [] }: DrainStatus): DrainedNode[] {
  const phases = new Map(before.nodes?.map(({ name, phase }) => [name, phase]));
  return nodes.filter(({ name, phase }) => phases.get(name) !== phase);
}
