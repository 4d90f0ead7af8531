import type { Drain, DrainedNode } from "@plimsoll/api";
import { count } from "@plimsoll/api/text";
import { elapsed, formatDuration } from "../output/duration.ts";
import type { Paint } from "../output/paint.ts";
import { formatTable } from "../output/table.ts";

const colours = {
  Pending: "gray",
  Running: "cyan",
  Succeeded: "green",
  Failed: "red",
  Waiting: "gray",
  Draining: "cyan",
  Blocked: "red",
  Drained: "green",
  Gone: "green",
  Released: "yellow",
} as const;

/** Nodes that are under way say more than others. */
const order: readonly DrainedNode["phase"][] = ["Blocked", "Draining", "Waiting", "Released", "Gone", "Drained"];

/** A Drain as a picture: its nodes, how far each is, and what is in its way; of more than `most` lines, what matters. */
export function formatDrain({ metadata, status = {} }: Drain, now: number, paint: Paint, most: number): string[] {
  const { phase = "Pending", progress = "", left, startedAt, finishedAt, nodes = [] } = status;
  const took = elapsed(startedAt, finishedAt, now);
  const head = [
    `drain ${metadata.name}:`,
    paint(colours[phase], phase),
    progress === "" ? "" : `${progress} nodes`,
    left === undefined || left === 0 ? "" : `${count(left, "pod")} left`,
    took === undefined ? "" : formatDuration(took),
  ];
  const ordered = nodes.toSorted((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase));
  const table = formatTable(
    ["NODE", "PHASE", "PODS LEFT", ""],
    ordered.map((node) => [node.name, paint(colours[node.phase], node.phase), podsOf(node), node.timedOut ? "took too long" : ""]),
  ).split("\n");
  const why = nodes.flatMap((node) => reasonsOf(node).map((line) => `  ${node.name}: ${line}`));
  const body = nodes.length > 0 ? [...table, ...why] : [];
  const lines = [head.filter(Boolean).join(" "), ...body];
  return lines.length <= most ? lines : [...lines.slice(0, Math.max(1, most - 1)), `… and ${lines.length - most + 1} lines more`];
}

/** What happened between two states of a Drain, a line each. */
export function newsOf(before: Drain, after: Drain, paint: Paint): string[] {
  const known = new Map((before.status?.nodes ?? []).map((node) => [node.name, node]));
  const lines = (after.status?.nodes ?? []).flatMap((node) => {
    const old = known.get(node.name);
    const [told, news] = [old === undefined ? [] : reasonsOf(old), reasonsOf(node)];
    const isSame = old?.phase === node.phase && old.left === node.left;
    return [
      ...(isSame ? [] : [[`node ${node.name}:`, paint(colours[node.phase], node.phase), podsOf(node)].filter(Boolean).join(" ")]),
      ...news.filter((line) => !told.includes(line)).map((line) => `node ${node.name}: ${line}`),
    ];
  });
  for (const { name, timedOut } of after.status?.nodes ?? [])
    if (timedOut && !known.get(name)?.timedOut) lines.push(`node ${name}: took longer than ${after.spec.timeout ?? "it may"}`);
  const { phase } = after.status ?? {};
  if (phase === undefined || phase === before.status?.phase) return lines;
  const took = elapsed(after.status?.startedAt, after.status?.finishedAt, Date.now());
  const line = `drain ${after.metadata.name}: ${paint(colours[phase], phase)}${after.status?.finishedAt === undefined || took === undefined ? "" : ` ${formatDuration(took)}`}`;
  return phase === "Running" ? [line, ...lines] : [...lines, line];
}

function podsOf({ pods, left }: DrainedNode): string {
  return left === undefined || pods === undefined ? "" : `${left} of ${pods}`;
}

/** What is in a node's way. */
function reasonsOf({ blocked = 0, blockers = [], message, phase }: DrainedNode): string[] {
  const untold = blocked - blockers.length;
  return [
    ...blockers.map(({ pod, message }) => `${pod} ${message}`),
    ...(untold > 0 ? [`${untold} more pods are kept on it`] : []),
    ...(message !== undefined && (phase === "Draining" || phase === "Released") ? [message] : []),
  ];
}
