import { Option, type Command } from "commander";
import { formatObject } from "../output/output.ts";
import { formatTable } from "../output/table.ts";

/** Adds `-o, --output` with the formats that a command prints; the first is the default. */
export function withFormat(command: Command, ...formats: readonly [string, ...string[]]): Command {
  return command.addOption(new Option("-o, --output <format>", "how to print").choices(formats).default(formats[0]));
}

/** Prints data as JSON or YAML where that is asked for, else the text that people read; nothing for an empty one. */
export function print(format: string, data: unknown, text: () => string): void {
  const shown = format === "json" || format === "yaml" ? formatObject(data, format) : text();
  if (shown !== "") console.log(shown);
}

/** Rows under their headings; nothing without rows. */
export function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? "" : formatTable(headings, rows);
}
