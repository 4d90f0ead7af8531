import { count, parseDuration, type DrainedNode, type DrainStatus } from "@plimsoll/api";
import { conditionsOf } from "./conditions.ts";
import type { DrainView } from "./drain-view.ts";
import type { NodeProgress } from "./node-progress.ts";

/** Of blockers, a status tells so many of a node, and of all nodes together. */
const mostOfNode = 10;
const mostOfDrain = 200;

/** How long nodes must have been drained before the Drain is over: a pod may just have been bound to one. Milliseconds. */
const settling = 2_000;

const done: ReadonlySet<DrainedNode["phase"]> = new Set(["Drained", "Gone", "Released"]);

/** The status of a Drain that can't be carried out. */
export function faulty(
  { status, generation }: DrainView,
  { reason, message }: { reason: string; message: string },
  now: number,
): DrainStatus {
  return {
    observedGeneration: generation,
    phase: "Failed",
    finishedAt: new Date(now).toISOString(),
    message,
    conditions: conditionsOf(
      status.conditions ?? [],
      [
        { type: "Valid", status: "False", reason, message },
        { type: "Complete", status: "False", reason: "Failed", message },
      ],
      generation,
      now,
    ),
  };
}

/** The status of a Drain whose nodes are so far. */
export function statusOf({ spec, status, generation }: DrainView, nodes: readonly NodeProgress[], now: number): DrainStatus {
  const { startedAt = new Date(now).toISOString(), surges = [], conditions = [] } = status;
  const finished = nodes.filter(({ phase }) => done.has(phase));
  const left = nodes.reduce((sum, node) => sum + (node.left ?? 0), 0);
  const blockers = nodes.flatMap(({ name, blockers }) => blockers.map((blocker) => ({ node: name, ...blocker })));
  const late = nodes.filter(({ timedOut }) => timedOut);
  const [blocker] = blockers;
  const blocked =
    blocker === undefined
      ? { status: "False" as const, reason: "NothingBlocks", message: "no pod is kept on its node" }
      : {
          status: "True" as const,
          reason: blocker.reason,
          message: `${blocker.pod} on ${blocker.node} ${blocker.message}${andMore(blockers.length)}`,
        };
  const slow = late.find(({ phase }) => !done.has(phase));
  const failure =
    slow !== undefined && (spec.onTimeout ?? "fail") === "fail"
      ? `the node ${slow.name} was not drained within ${spec.timeout}${andMore(late.length)}: ${failureOf(slow)}`
      : undefined;
  const isOver =
    finished.length === nodes.length &&
    surges.length === 0 &&
    finished.every(({ finishedAt }) => now - Date.parse(finishedAt ?? "") >= settling);
  const released = nodes.filter(({ phase }) => phase === "Released").map(({ name }) => name);
  const phase = failure !== undefined ? "Failed" : isOver ? "Succeeded" : "Running";
  const message =
    failure ??
    (isOver
      ? released.length > 0
        ? `somebody has uncordoned ${released.slice(0, 10).join(", ")}${andMore(released.length - 9)}, which is left alone; the others are drained`
        : undefined
      : blocker === undefined
        ? nodes.find(({ message }) => message !== undefined)?.message
        : blocked.message);
  return {
    observedGeneration: generation,
    phase,
    startedAt,
    ...(phase === "Running" ? {} : { finishedAt: new Date(now).toISOString() }),
    ...(message === undefined ? {} : { message: message.slice(0, 1_000) }),
    progress: `${finished.length}/${nodes.length}`,
    left,
    nodes: bounded(nodes),
    ...(surges.length > 0 ? { surges } : {}),
    conditions: conditionsOf(
      conditions,
      [
        { type: "Valid", status: "True", reason: "Checked", message: "there are such nodes" },
        { type: "Blocked", ...blocked },
        ...(spec.timeout === undefined ? [] : [timedOutOf(late, spec.timeout)]),
        {
          type: "Complete",
          status: phase === "Succeeded" ? "True" : "False",
          reason: phase,
          message:
            phase === "Succeeded" ? "every node is drained" : (failure ?? `${finished.length} of ${count(nodes.length, "node")} drained`),
        },
      ],
      generation,
      now,
    ),
  };
}

/** Milliseconds that a node may take. */
export function timeoutOf({ spec: { timeout } }: DrainView): number | undefined {
  return timeout === undefined ? undefined : parseDuration(timeout);
}

function timedOutOf(late: readonly NodeProgress[], timeout: string) {
  const [first] = late;
  return first === undefined
    ? { type: "TimedOut", status: "False" as const, reason: "InTime", message: `no node has taken longer than ${timeout}` }
    : {
        type: "TimedOut",
        status: "True" as const,
        reason: "TookTooLong",
        message: `the node ${first.name} has taken longer than ${timeout}${andMore(late.length)}`,
      };
}

function failureOf({ left = 0, blockers, message }: NodeProgress): string {
  const [blocker] = blockers;
  const why = blocker === undefined ? message : `${blocker.pod} ${blocker.message}`;
  return `${count(left, "pod")} still to go${why === undefined ? "" : `; ${why}`}`;
}

function andMore(count: number): string {
  return count > 1 ? ` (and ${count - 1} more)` : "";
}

/** What the status tells of the nodes, however many pods are kept on them. */
function bounded(nodes: readonly NodeProgress[]): DrainedNode[] {
  let room = mostOfDrain;
  return nodes.map(({ blockers, ...node }) => {
    if (blockers.length === 0) return node;
    const told = blockers.slice(0, Math.min(mostOfNode, room));
    room -= told.length;
    return { ...node, blocked: blockers.length, ...(told.length > 0 ? { blockers: told } : {}) };
  });
}
