import { Option, type Command } from "commander";
import { formatCsv, type Cell } from "../output/csv.ts";
import { UsageError } from "../failure.ts";
import { formatObject } from "../output/output.ts";
import { formatTable } from "../output/table.ts";
import { visible } from "../output/visible.ts";

const formats = ["table", "wide", "json", "yaml", "csv"] as const;

/** How rows are printed, as the user says. */
export interface PrintOptions {
  output: (typeof formats)[number];
  sortBy?: string;
}

/** A column: what stands in tables, and what others read of it. */
export interface Column<R> {
  /** In the header of CSV, and for `--sort-by`. */
  key: string;
  /** In that of tables; undefined: it isn't in tables. */
  heading?: string;
  /** Whether only `-o wide` has it. */
  wide?: boolean;
  /** As people read it; by default the value. */
  cell?: (row: R) => string;
  value: (row: R) => Cell;
}

/** Adds the options that say how rows are printed. */
export function withRows(command: Command): Command {
  return command
    .addOption(new Option("-o, --output <format>", "how to print").choices(formats).default("table"))
    .option("--sort-by <column>", "by which column, as it is called in -o csv; numbers from the largest on, names from A");
}

/** Sorts rows by a column; without one they stay as they are. Throws a UsageError for one that there isn't. */
export function sorted<R>(rows: readonly R[], columns: readonly Column<R>[], sortBy: string | undefined): R[] {
  if (sortBy === undefined) return [...rows];
  const column = columns.find(({ key }) => key === sortBy.toLowerCase().replaceAll("-", "_"));
  if (column === undefined) throw new UsageError(`--sort-by ${sortBy}: the columns are ${columns.map(({ key }) => key).join(", ")}`);
  return rows.toSorted((a, b) => compare(column.value(a), column.value(b)));
}

/** What isn't known comes last. */
function compare(a: Cell, b: Cell): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === "number" && typeof b === "number") return b - a;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** Prints rows as a table or CSV, or what they are part of as data. `below` are lines of a table alone: sums. */
export function printRows<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
  { output }: PrintOptions,
  { data, below = [] }: { data: (rows: object[]) => object; below?: readonly R[] },
): void {
  if (output === "json" || output === "yaml") {
    const objects = rows.map((row) =>
      Object.fromEntries(columns.map(({ key, value }) => [key, value(row)]).filter(([, value]) => value !== undefined)),
    );
    console.log(formatObject(data(objects), output));
  } else if (output === "csv") {
    console.log(
      formatCsv(
        columns.map(({ key }) => key),
        rows.map((row) => columns.map(({ value }) => value(row))),
      ),
    );
  } else {
    const shown = columns.filter(({ heading, wide }) => heading !== undefined && (output === "wide" || !wide));
    console.log(
      formatTable(
        shown.map(({ heading = "" }) => visible(heading)),
        [...rows, ...below].map((row) => shown.map(({ cell, value }) => cell?.(row) ?? visible(String(value(row) ?? "")))),
      ),
    );
  }
}
