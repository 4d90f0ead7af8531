import type { PipelineRun, Step, StepStatus } from "@plimsoll/api";
import { elapsed, formatDuration } from "./duration.ts";
import type { Paint } from "./paint.ts";

type Phase = StepStatus["phase"] | NonNullable<PipelineRun["status"]>["phase"] | "Pending";

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
 * A step stands under the one of its needs that lies deepest; its other needs are named on its line.
 */
export function formatDag(run: PipelineRun, now: number, paint: Paint): string[] {
  const status = run.status;
  const took = elapsed(status?.startedAt, status?.finishedAt, now);
  const title = [paint("bold", run.metadata.name ?? ""), formatPhase(status?.phase, paint), took === undefined ? "" : formatDuration(took)];
  const lines = [title.filter(Boolean).join("  ")];
  if (status?.message) lines.push(paint("red", status.message));

  const rows = treeRows(stepsOf(run));
  const widest = Math.max(0, ...rows.map((row) => row.indent.length + row.step.name.length));
  for (const { step, indent, alsoNeeds } of rows) {
    const entry = status?.steps?.[step.name];
    const { sign, style } = marks[entry?.phase ?? "Pending"] ?? { sign: "?", style: "dim" as const };
    const name = `${paint("dim", indent)}${paint(style, sign)} ${step.name}`;
    const gap = " ".repeat(widest - indent.length - step.name.length);
    const duration = elapsed(entry?.startedAt, entry?.finishedAt, now);
    const cells = [
      `${name}${gap}`,
      paint(style, (entry?.phase ?? "Pending").padEnd(9)),
      formatItems(entry).padStart(9),
      (duration === undefined ? "" : formatDuration(duration)).padStart(7),
      remark(entry, paint),
      alsoNeeds.length > 0 ? paint("dim", `also needs ${alsoNeeds.join(", ")}`) : "",
    ];
    lines.push(cells.join("  ").trimEnd());
  }
  return lines;
}

function formatItems(entry: StepStatus | undefined): string {
  if (entry?.items === undefined) return "";
  return `${entry.items.succeeded ?? 0}/${entry.items.total}`;
}

function remark(entry: StepStatus | undefined, paint: Paint): string {
  if (entry?.message) return paint(entry.phase === "Failed" ? "red" : "yellow", entry.message);
  const outputs = entry?.outputs;
  if (outputs === undefined || Array.isArray(outputs)) return "";
  return paint("dim", Object.entries(outputs).map(([key, value]) => `${key}=${shorten(String(value))}`).join(" "));
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

interface TreeRow {
  step: Step;
  indent: string;
  alsoNeeds: string[];
}

/** Steps in tree order. Unknown needs and cycles, which the controller refuses, leave their steps at the root. */
export function treeRows(steps: readonly Step[]): TreeRow[] {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const depths = new Map<string, number>();
  const depth = (step: Step, path: ReadonlySet<string> = new Set()): number => {
    const known = depths.get(step.name);
    if (known !== undefined) return known;
    if (path.has(step.name)) return 0;
    const below = new Set(path).add(step.name);
    const result = 1 + Math.max(-1, ...needsOf(step, byName).map((need) => depth(need, below)));
    depths.set(step.name, result);
    return result;
  };

  const children = new Map<string | undefined, Step[]>();
  for (const step of steps) {
    const deepest = needsOf(step, byName).toSorted((a, b) => depth(b) - depth(a))[0];
    const parent = deepest !== undefined && depth(deepest) < depth(step) ? deepest.name : undefined;
    children.set(parent, [...(children.get(parent) ?? []), step]);
  }

  const rows: TreeRow[] = [];
  const visit = (parent: string | undefined, stem: string): void => {
    const siblings = children.get(parent) ?? [];
    for (const [index, step] of siblings.entries()) {
      const last = index === siblings.length - 1;
      const root = parent === undefined;
      rows.push({ step, indent: root ? "" : `${stem}${last ? "└─" : "├─"}`, alsoNeeds: (step.needs ?? []).filter((need) => need !== parent) });
      visit(step.name, root ? "" : `${stem}${last ? "  " : "│ "}`);
    }
  };
  visit(undefined, "");
  return rows;
}

function needsOf(step: Step, byName: ReadonlyMap<string, Step>): Step[] {
  return (step.needs ?? []).flatMap((name) => byName.get(name) ?? []);
}
