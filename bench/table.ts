import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus, totalmem } from "node:os";

/** A figure of a benchmark: what was measured, what was aimed at, and whether it was reached. */
export interface Row {
  what: string;
  value: number | string;
  unit?: string;
  /** What the build with which this one is compared took, in the same unit. */
  baseline?: number;
  /** What another program, named in it, was measured to take for the same on the same kind of machine (Argo Workflows is 4.1.2). */
  peer?: string;
  aim?: string;
  /** Undefined for a figure without an aim. */
  reached?: boolean;
}

/** Prints a benchmark's figures as a table, without columns that would be empty, and keeps them as JSON in bench/results. `how` says what they come from. */
export function report(name: string, rows: readonly Row[], how?: string): void {
  const cells = rows.map((row) => [
    row.what,
    text(row.value, row.unit),
    text(row.baseline, row.unit),
    typeof row.value === "number" && row.baseline ? (row.value / row.baseline).toFixed(2) : "",
    row.peer ?? "",
    row.aim ?? "",
    row.reached === undefined ? "" : row.reached ? "reached" : "missed",
  ]);
  const used = ["", "measured", "baseline", "ratio", "a peer's", "aim", ""].map((head, column) => ({ head, column }));
  const columns = used.filter(({ column }) => cells.some((row) => row[column] !== ""));
  const all = [columns.map(({ head }) => head), ...cells.map((row) => columns.map(({ column }) => row[column] ?? ""))];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  console.log(`\n${name}${how === undefined ? "" : `: ${how}`}`);
  for (const row of all)
    console.log(
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()}`,
    );

  const folder = new URL("results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, memory: totalmem(), arch: arch(), node: process.version };
  writeFileSync(
    new URL(`${name}.json`, folder),
    `${JSON.stringify({ name, how, at: new Date().toISOString(), machine, rows }, null, 2)}\n`,
  );
}

function text(value: number | string | undefined, unit: string | undefined): string {
  if (value === undefined || value === "") return "";
  return `${typeof value === "number" ? round(value) : value}${unit ? ` ${unit}` : ""}`;
}

function round(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** The value below which the given share of the values lies (nearest rank); NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
