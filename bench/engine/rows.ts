import { percentile, type Row } from "../table.ts";
import { modes, type Comparison, type Mode } from "./comparisons.ts";
import type { Measured } from "./measure.ts";

/** What both builds took for a load; one of them may not have been measured. */
export interface Pair {
  baseline: Measured | undefined;
  new: Measured | undefined;
}

/** The figures of one load in one mode. */
export function rowsOf({ make, aims, argo }: Comparison, mode: Mode, pair: Pair): Row[] {
  const { per } = make("");
  const peer = (text: string | undefined) => (text === undefined || mode === "defaults" ? {} : { peer: `Argo: ${text}` });
  const { bindings: limit } = modes[mode];
  const row = (what: string, of: (measured: Measured) => number, unit?: string): Row => ({
    what,
    ...figures(pair, of),
    ...(unit === undefined ? {} : { unit }),
  });
  const most = (row: Row, aim: number | undefined): Row => (aim === undefined ? row : aimed(row, aim));
  return [
    { ...row("wall", ({ wall }) => wall, "s"), ...peer(argo?.wall) },
    ...ratio("  to the baseline's", pair, ({ wall }) => wall, aims.wall?.[mode]),
    {
      ...most(
        row(`everybody's requests ${per}`, ({ traffic, steps }) => traffic.all / steps),
        aims.requests,
      ),
      ...peer(argo?.requests),
    },
    ...users(pair).map((user) => row(`  ${user}`, ({ traffic, steps }) => (traffic.byUser.get(user) ?? 0) / steps)),
    ...kinds(pair).map((kind) => row(`the controller's in all: ${kind}`, ({ traffic }) => traffic.ours.get(kind) ?? 0)),
    row(`API server's CPU ${per}`, ({ cpu }) => cpu.server, "ms"),
    ...ratio("  to the baseline's", pair, ({ cpu }) => cpu.server, aims.serverCpu),
    most(
      row(`controller's CPU ${per}`, ({ cpu }) => cpu.controller, "ms"),
      aims.cpu,
    ),
    most(
      row("controller's peak RSS", ({ peakRss }) => peakRss, "MB"),
      aims.rss,
    ),
    most(
      row("controller's event-loop delay, p99", ({ lag }) => lag, "ms"),
      aims.lag,
    ),
    ...(both(pair).some(({ traffic }) => traffic.latencies.length > 0)
      ? [
          most(
            row("last pod's end to what follows, median", ({ traffic }) => percentile(traffic.latencies, 0.5), "ms"),
            aims.latency,
          ),
          row("last pod's end to what follows, p99", ({ traffic }) => percentile(traffic.latencies, 0.99), "ms"),
        ]
      : []),
    row("pods bound in a second, median", ({ traffic }) => percentile(traffic.bindings, 0.5)),
    row("  at most", ({ traffic }) => Math.max(0, ...traffic.bindings)),
    row(
      `  seconds with ≥ ${0.9 * limit} (the scheduler may send ${limit}/s)`,
      ({ traffic }) => atLeast(traffic.bindings, 0.9 * limit),
      "s",
    ),
    most(
      row("the longest status", ({ statusBytes }) => statusBytes / 1024, "KiB"),
      aims.status,
    ),
  ];
}

function figures(pair: Pair, of: (measured: Measured) => number): Pick<Row, "value" | "baseline"> {
  const value = pair.new === undefined ? "" : of(pair.new);
  return pair.baseline === undefined ? { value } : { value, baseline: of(pair.baseline) };
}

function aimed(row: Row, most: number): Row {
  const aim = `≤ ${most}${row.unit === undefined ? "" : ` ${row.unit}`}`;
  return typeof row.value === "number" ? { ...row, aim, reached: row.value <= most } : { ...row, aim };
}

function ratio(what: string, pair: Pair, of: (measured: Measured) => number, aim: number | undefined): Row[] {
  if (pair.new === undefined || pair.baseline === undefined) return [];
  const row = { what, value: of(pair.new) / of(pair.baseline) };
  return [aim === undefined ? row : aimed(row, aim)];
}

function both(pair: Pair): Measured[] {
  return [pair.new, pair.baseline].filter((measured) => measured !== undefined);
}

/** Who sent at least a hundredth of a request a step, the most first. */
function users(pair: Pair): string[] {
  const shares = both(pair).map(({ traffic, steps }) => [...traffic.byUser].filter(([, requests]) => requests / steps >= 0.01));
  return [
    ...new Set(
      shares
        .flat()
        .toSorted(([, a], [, b]) => b - a)
        .map(([user]) => user),
    ),
  ];
}

function kinds(pair: Pair): string[] {
  return [...new Set(both(pair).flatMap(({ traffic }) => [...traffic.ours.keys()]))].sort();
}

function atLeast(bindings: readonly number[], least: number): number {
  return bindings.filter((bound) => bound >= least).length;
}
