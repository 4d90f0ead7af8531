import { manifestOf, type PipelineRun, type Step, type StepStatus } from "@plimsoll/api";
import { parseQuantity } from "@plimsoll/model";
import { treeRows, type TreeRow } from "./dag-tree.ts";
import { elapsed, formatDuration } from "../output/duration.ts";
import type { Paint } from "../output/paint.ts";
import { visible } from "../output/visible.ts";

type Phase = StepStatus["phase"] | NonNullable<PipelineRun["status"]>["phase"] | "Deleting";

const marks: Record<string, { sign: string; style: Parameters<Paint>[0] }> = {
  Pending: { sign: "○", style: "dim" },
  Running: { sign: "●", style: "cyan" },
  Succeeded: { sign: "✔", style: "green" },
  Failed: { sign: "✖", style: "red" },
  Skipped: { sign: "–", style: "dim" },
  Cancelled: { sign: "⊘", style: "yellow" },
  Deleting: { sign: "⊘", style: "yellow" },
};

/** What a run does: of one that is being deleted nothing goes on, whatever its phase. */
export function formatRunPhase({ metadata, status }: PipelineRun, paint: Paint): string {
  const isHeld = metadata.deletionTimestamp !== undefined && status?.finishedAt === undefined;
  return formatPhase(isHeld ? "Deleting" : status?.phase, paint);
}

/** A phase with its sign and colour. */
export function formatPhase(phase: Phase | undefined, paint: Paint): string {
  const { sign, style } = marks[phase ?? "Pending"] ?? { sign: "?", style: "dim" as const };
  return paint(style, `${sign} ${phase ?? "Pending"}`);
}

/** The steps of a run, from the run itself or from the Pipeline that it took; none before the controller has read the reference. */
export function stepsOf(run: PipelineRun): readonly Step[] {
  const { steps = [], finally: last = [] } = run.spec.pipeline ?? run.status?.pipeline ?? {};
  return [...steps, ...last];
}

/**
 * A run's DAG as a tree, a line a step: sign and name, phase, items done, duration, then outputs or the reason of its state.
 * A step stands under the one of its needs that lies deepest; its other needs are named on its line. Of more lines than `most`,
 * those from the first step that runs are shown.
 */
export function formatDag(run: PipelineRun, now: number, paint: Paint, most = Infinity): string[] {
  const status = run.status;
  const took = elapsed(status?.startedAt, status?.finishedAt, now);
  const title = [paint("bold", run.metadata.name ?? ""), formatRunPhase(run, paint), took === undefined ? "" : formatDuration(took)];
  const lines = [title.filter(Boolean).join("  ")];
  if (status?.message) lines.push(paint("red", visible(status.message)));
  else if (status?.phase === undefined && (elapsed(run.metadata.creationTimestamp, undefined, now) ?? 0) > 10_000)
    lines.push(paint("yellow", "no controller has seen it yet: does one run, and work in this namespace?"));

  const { deletionTimestamp, finalizers } = run.metadata;
  if (deletionTimestamp !== undefined)
    lines.push(
      paint(
        "yellow",
        `it is being deleted, and nothing more is done for it${Array.isArray(finalizers) ? `; ${visible(finalizers.join(", "))} holds it` : ""}`,
      ),
    );
  if (status?.finishedAt === undefined) lines.push(...hindrances(run).map((message) => paint("yellow", visible(message))));

  let rows = rowsOf(run);
  const widest = rows.reduce((width, row) => Math.max(width, widthOf(row)), 0);
  if (lines.length + rows.length > most) {
    const shown = Math.max(1, most - lines.length - 1);
    const above = Math.min(Math.max(0, firstAlive(rows, status?.steps) - 1), rows.length - shown);
    const below = rows.length - shown - above;
    lines.push(`… ${[above > 0 ? `${above} above` : "", below > 0 ? `${below} below` : ""].filter(Boolean).join(", ")}`);
    rows = rows.slice(above, above + shown);
  }
  return [...lines, ...rows.map((row) => formatRow(row, widest, status?.steps?.[row.step.name] ?? neverRun(run), now, paint))];
}

/** What stands in the way of others while the run goes on; what is wrong with the run itself its message says. */
function hindrances({ status }: PipelineRun): string[] {
  const found = (status?.conditions ?? []).filter(({ type, status }) => type !== "Valid" && status === "False");
  return found.map(({ message }) => message);
}

/** What is shown of a step that a run has ended without. */
function neverRun({ status }: PipelineRun): StepStatus | undefined {
  return status?.finishedAt === undefined ? undefined : ({ phase: "Skipped", message: "never ran" } as StepStatus);
}

/** The steps in tree order, and those of `finally` behind them. */
function rowsOf(run: PipelineRun): TreeRow[] {
  const { steps = [], finally: last = [] } = run.spec.pipeline ?? run.status?.pipeline ?? {};
  const noted = (row: TreeRow, place: string | undefined): TreeRow => {
    const made = manifestOf(row.step)?.kind;
    return { ...row, note: [place, made].filter(Boolean).join(", ") || undefined };
  };
  return [
    ...treeRows(steps).map((row) => noted(row, undefined)),
    ...treeRows(last).map((row) => noted(row, row.indent === "" ? "finally" : undefined)),
  ];
}

/** Where the first step that runs stands or, while none does, the first that can't start, or has yet to; else the end. */
function firstAlive(rows: readonly TreeRow[], steps: NonNullable<PipelineRun["status"]>["steps"] = {}): number {
  const found = ["Running", "Pending", undefined].map((phase) => rows.findIndex(({ step }) => steps[step.name]?.phase === phase));
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
    entry?.sizing === undefined ? "" : paint("dim", formatSizing(entry.sizing)),
    row.note === undefined ? "" : paint("dim", row.note),
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

/** What memory the pods of a step with resources.auto had: the one that used most or, where none was measured, the last. */
function formatSizing(tries: NonNullable<StepStatus["sizing"]>): string {
  const [most] = tries.filter(({ peak }) => peak !== undefined).sort((a, b) => bytesOf(b.peak) - bytesOf(a.peak));
  const { memory, basis, peak } = most ?? tries.at(-1) ?? {};
  if (memory === undefined) return "";
  const used = peak === undefined ? "memory" : `memory ${Math.ceil(bytesOf(peak) / 1024 ** 2)}Mi of`;
  return `${used} ${visible(memory)} (${basis})`;
}

/** Of a status, which others may have written, too. */
function bytesOf(quantity = ""): number {
  return Number(parseQuantity(quantity) ?? 0n) / 1e9;
}

function remark(entry: StepStatus | undefined, paint: Paint): string {
  if (entry?.message) return paint(entry.phase === "Failed" ? "red" : entry.phase === "Skipped" ? "dim" : "yellow", visible(entry.message));
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
  const line = visible(text.replace(/\s+/g, " "));
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
