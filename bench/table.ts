import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus, totalmem } from "node:os";

/** A figure of a benchmark: what was measured, what was aimed at, and whether it was reached. */
export interface Row {
  what: string;
  value: number | string;
  unit?: string;
  /** What another program, named in it, was measured to take for the same on the same kind of machine (Argo Workflows is 4.1.2). */
  peer?: string;
  aim?: string;
  /** Undefined for a figure without an aim. */
  reached?: boolean;
}

/** Prints a benchmark's figures as a table and keeps them as JSON in bench/results. */
export function report(name: string, rows: readonly Row[]): void {
  const cells = rows.map((row) => [
    row.what,
    `${typeof row.value === "number" ? round(row.value) : row.value}${row.unit ? ` ${row.unit}` : ""}`,
    row.peer ?? "",
    row.aim ?? "",
    row.reached === undefined ? "" : row.reached ? "reached" : "missed",
  ]);
  const all = [["", "measured", "a peer's", "aim", ""], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  console.log(`\n${name}`);
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
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify({ name, at: new Date().toISOString(), machine, rows }, null, 2)}\n`);
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
