import { matches, type NodeView } from "@plimsoll/model";
import type { DrainView } from "./drain-view.ts";

/** The most nodes of a Drain: its status tells of each. */
const most = 500;

/** The nodes that a Drain is about, or why it can't be carried out. */
export type Scope = { nodes: readonly string[]; fault?: undefined } | { nodes: readonly []; fault: { reason: string; message: string } };

/** Which nodes a Drain is about. Before it starts all of them must be there; one that goes later is drained, too. */
export function scopeOf({ spec, status }: DrainView, nodes: readonly NodeView[], nodeOf: (name: string) => NodeView | undefined): Scope {
  const hasStarted = status.startedAt !== undefined;
  if (spec.nodes !== undefined) {
    const missing = hasStarted ? [] : spec.nodes.filter((name) => nodeOf(name) === undefined);
    if (missing.length > 0) return fault("NodeNotFound", `there is no node ${list(missing)}: nothing was changed`);
    return { nodes: spec.nodes };
  }
  const chosen = nodes.filter(({ labels }) => matches(spec.selector, labels)).map(({ name }) => name);
  if (chosen.length > most && !hasStarted)
    return fault("TooManyNodes", `the selector chooses ${chosen.length} nodes, and a Drain takes at most ${most}: narrow it`);
  if (chosen.length === 0 && !hasStarted) return fault("NoNodes", "no node has the labels of the selector: nothing was changed");
  const gone = (status.nodes ?? []).map(({ name }) => name).filter((name) => nodeOf(name) === undefined);
  // Those that it is about already come first.
  const known = new Set(status.nodes?.map(({ name }) => name));
  const ordered = [...chosen.filter((name) => known.has(name)), ...gone, ...chosen.filter((name) => !known.has(name))];
  return { nodes: ordered.slice(0, most) };
}

function fault(reason: string, message: string): Scope {
  return { nodes: [], fault: { reason, message } };
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => `"${name}"`);
  return `${shown.join(", ")}${names.length > shown.length ? ` (and ${names.length - shown.length} more)` : ""}`;
}
