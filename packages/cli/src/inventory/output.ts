import { stringify } from "csv-stringify/sync";
import { Option, type Command } from "commander";
import { formatObject } from "../output.ts";
import { formatTable } from "../table.ts";

/** How figures are printed. */
export type FigureFormat = "table" | "wide" | "json" | "yaml" | "csv";

/** A column of figures. */
export interface Column<T> {
  heading: string;
  /** Shown by `-o wide` alone. */
  wide?: boolean;
  cell: (row: T) => string;
}

/** Adds `-o, --output` of figures. */
export function withFigures(command: Command): Command {
  return command.addOption(
    new Option("-o, --output <format>", "how to print").choices(["table", "wide", "json", "yaml", "csv"]).default("table"),
  );
}

/**
 * Prints rows. `data` is what other programs get of a row: names, and plain numbers in base units. In CSV, what a spreadsheet would take for a
 * formula is written so that it doesn't.
 */
export function printFigures<T>(
  format: FigureFormat,
  {
    rows,
    columns,
    data,
    whole,
  }: { rows: readonly T[]; columns: readonly Column<T>[]; data: (row: T) => Readonly<Record<string, unknown>>; whole?: object },
): void {
  if (format === "json" || format === "yaml") return console.log(formatObject({ ...whole, rows: rows.map(data) }, format));
  if (format === "csv") {
    const records = rows.map((row) => flat(data(row)));
    const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
    return void process.stdout.write(stringify(records, { header: true, columns: names, escape_formulas: true }));
  }
  const shown = columns.filter(({ wide }) => format === "wide" || !wide);
  console.log(
    formatTable(
      shown.map(({ heading }) => heading),
      rows.map((row) => shown.map(({ cell }) => cell(row))),
    ),
  );
}

/** A record with `requested.cpu` for what is within. */
function flat(record: Readonly<Record<string, unknown>>, before = ""): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) =>
      typeof value === "object" && value !== null
        ? Object.entries(flat(value as Record<string, unknown>, `${before}${key}.`))
        : [[`${before}${key}`, value ?? ""]],
    ),
  );
}
