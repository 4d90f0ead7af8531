import { topologicalOrder, type PipelineRun, type Step, type StepStatus } from "@plimsoll/api";
import { elapsed, formatDuration } from "./duration.ts";
import type { Paint } from "./paint.ts";

type Phase = StepStatus["phase"] | NonNullable<PipelineRun["status"]>["phase"];

const marks: Record<string, { sign: string; style: Parameters<Paint>[0] }> = {
  Pending: { sign: "○", style: "dim" },
  Running: { sign: "●", style: "cyan" },
  Succeeded: { sign: "✔", style: "green" },
  Failed: { sign: "✖", style: "red" },
  Skipped: { sign: "–", style: "dim" },
  Cancelled: { sign: "⊘", style: "yellow" },
};

/** A phase with its sign and colour. */
export function formatPhase(phase: Phase | undefined, paint: Paint): string {
  const { sign, style } = marks[phase ?? "Pending"] ?? { sign: "?", style: "dim" as const };
  return paint(style, `${sign} ${phase ?? "Pending"}`);
}

/** The steps of a run, from the run itself or from the Pipeline that it took; none before the controller has read the reference. */
export function stepsOf(run: PipelineRun): readonly Step[] {
  return (run.spec.pipeline ?? run.status?.pipeline)?.steps ?? [];
}

/**
 * A run's DAG as a tree, a line a step: sign and name, phase, items done, duration, then outputs or the reason of its state.
 * A step stands under the one of its needs that lies deepest; its other needs are named on its line. Of more lines than `most`,
 * those from the first step that runs are shown.
 */
export function formatDag(run: PipelineRun, now: number, paint: Paint, most = Infinity): string[] {
  const status = run.status;
  const took = elapsed(status?.startedAt, status?.finishedAt, now);
  const title = [paint("bold", run.metadata.name ?? ""), formatPhase(status?.phase, paint), took === undefined ? "" : formatDuration(took)];
  const lines = [title.filter(Boolean).join("  ")];
  if (status?.message) lines.push(paint("red", status.message));
  else if (status?.phase === undefined && (elapsed(run.metadata.creationTimestamp, undefined, now) ?? 0) > 10_000)
    lines.push(paint("yellow", "no controller has seen it yet: does one run, and work in this namespace?"));

  let rows = treeRows(stepsOf(run));
  const widest = rows.reduce((width, row) => Math.max(width, widthOf(row)), 0);
  if (lines.length + rows.length > most) {
    const shown = Math.max(1, most - lines.length - 1);
    const above = Math.min(Math.max(0, firstAlive(rows, status?.steps) - 1), rows.length - shown);
    const below = rows.length - shown - above;
    lines.push(`… ${[above > 0 ? `${above} above` : "", below > 0 ? `${below} below` : ""].filter(Boolean).join(", ")}`);
    rows = rows.slice(above, above + shown);
  }
  return [...lines, ...rows.map((row) => formatRow(row, widest, status?.steps?.[row.step.name], now, paint))];
}

/** Where the first step that runs stands or, while none does, the first that has yet to start; else the end. */
function firstAlive(rows: readonly TreeRow[], steps: NonNullable<PipelineRun["status"]>["steps"] = {}): number {
  const found = ["Running", undefined].map((phase) => rows.findIndex(({ step }) => steps[step.name]?.phase === phase));
  return found.find((index) => index >= 0) ?? rows.length;
}

function formatRow(row: TreeRow, widest: number, entry: StepStatus | undefined, now: number, paint: Paint): string {
  const { sign, style } = marks[entry?.phase ?? "Pending"] ?? { sign: "?", style: "dim" as const };
  const duration = elapsed(entry?.startedAt, entry?.finishedAt, now);
  const cells = [
    `${paint("dim", row.indent)}${paint(style, sign)} ${row.step.name}${" ".repeat(widest - widthOf(row))}`,
    paint(style, (entry?.phase ?? "Pending").padEnd(9)),
    formatItems(entry).padStart(9),
    (duration === undefined ? "" : formatDuration(duration)).padStart(7),
    remark(entry, paint),
    row.needs.length > 0 ? paint("dim", `${row.deep ? "needs" : "also needs"} ${row.needs.join(", ")}`) : "",
  ];
  return cells.join("  ").trimEnd();
}

function widthOf({ indent, step }: TreeRow): number {
  return indent.length + step.name.length;
}

/** Items done of all, as in `3/10`; empty for a step without items. */
export function formatItems(entry: StepStatus | undefined): string {
  if (entry?.items === undefined) return "";
  return `${entry.items.succeeded ?? 0}/${entry.items.total}`;
}

function remark(entry: StepStatus | undefined, paint: Paint): string {
  if (entry?.message) return paint(entry.phase === "Failed" ? "red" : "yellow", entry.message);
  const outputs = entry?.outputs;
  if (outputs === undefined || Array.isArray(outputs)) return "";
  return paint(
    "dim",
    Object.entries(outputs)
      .map(([key, value]) => `${key}=${shorten(String(value))}`)
      .join(" "),
  );
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

/** Stems are drawn for so many levels: more would push names off the screen. */
const deepest = 20;

interface TreeRow {
  step: Step;
  indent: string;
  /** Deeper than stems are drawn: what it stands under can't be seen. */
  deep: boolean;
  /** Those needs that the tree doesn't show. */
  needs: readonly string[];
}

/** Steps in tree order. Unknown needs and cycles, which the controller refuses, leave their steps at the root. */
export function treeRows(steps: readonly Step[]): TreeRow[] {
  const parents = parentsOf(steps);
  const children = new Map<number | undefined, number[]>();
  for (const [index, parent] of parents.entries()) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(index);
    else children.set(parent, [index]);
  }

  const rows: TreeRow[] = [];
  const stack: { index: number; level: number; stem: string; last: boolean }[] = [];
  const pushAll = (parent: number | undefined, level: number, stem: string): void => {
    const siblings = children.get(parent) ?? [];
    for (const [place, index] of siblings.toReversed().entries()) stack.push({ index, level, stem, last: place === 0 });
  };
  pushAll(undefined, 0, "");
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { index, level, stem, last } = next;
    const step = steps[index];
    if (step === undefined) continue;
    const parent = steps[parents[index] ?? -1]?.name;
    const deep = level > deepest;
    const branch = level === 0 ? "" : deep ? "⋯ " : last ? "└─" : "├─";
    rows.push({ step, indent: `${stem}${branch}`, deep, needs: (step.needs ?? []).filter((need) => deep || need !== parent) });
    pushAll(index, level + 1, level === 0 || level >= deepest ? stem : `${stem}${last ? "  " : "│ "}`);
  }
  return rows;
}

/** Under which step each is drawn: that of its needs which lies deepest. */
function parentsOf(steps: readonly Step[]): (number | undefined)[] {
  const places = new Map(steps.map((step, index) => [step.name, index]));
  const needs = steps.map((step) => (step.needs ?? []).flatMap((name) => places.get(name) ?? []));
  const depths = new Map<number, number>();
  const parents: (number | undefined)[] = steps.map(() => undefined);
  for (const index of topologicalOrder(needs)) {
    let depth = 0;
    for (const need of needs[index] ?? []) {
      const below = 1 + (depths.get(need) ?? 0);
      if (below > depth) [depth, parents[index]] = [below, need];
    }
    depths.set(index, depth);
  }
  return parents;
}
