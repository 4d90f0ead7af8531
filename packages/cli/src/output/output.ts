import { stringify } from "yaml";
import { type Command, Option } from "commander";
import { formatTable } from "./table.ts";

export type Format = "table" | "wide" | ObjectFormat;

/** How one object is printed for other programs. */
export type ObjectFormat = "json" | "yaml" | "name";

/** Adds `-o, --output` to a command that prints a table of objects. */
export function withTable(command: Command): Command {
  return command.addOption(output("how to print", ["table", "wide"]).default("table"));
}

/** Adds `-o, --output` to a command that prints one object, which a person is shown in another way. */
export function withObject(command: Command, description: string): Command {
  return command.addOption(output(description));
}

function output(description: string, more: readonly Format[] = []): Option {
  return new Option("-o, --output <format>", description).choices([...more, "json", "yaml", "name"]);
}

/** A column of a table: `wide` columns are shown by `-o wide` alone. */
export interface Column<T> {
  heading: string;
  wide?: boolean;
  cell: (item: T) => string;
}

/** What lists need of an object. */
export interface Named {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  metadata: {
    name?: string | undefined;
    namespace?: string | undefined;
    creationTimestamp?: string | undefined;
    managedFields?: unknown;
  };
}

/** Prints many objects (json and yaml as a List, as kubectl does). */
export function formatList<T extends Named>(items: readonly T[], format: Format, columns: readonly Column<T>[]): string {
  if (format === "json" || format === "yaml") return formatObject(listOf(items.map(withoutManagers)), format);
  if (format === "name") return items.map(qualifiedName).join("\n");
  const shown = columns.filter((column) => format === "wide" || !column.wide);
  return formatTable(
    shown.map((column) => column.heading),
    items.map((item) => shown.map((column) => column.cell(item))),
  );
}

/** Several objects as one, as kubectl prints them. */
export function listOf(items: readonly unknown[]): object {
  return { apiVersion: "v1", kind: "List", items };
}

/** Several objects as the documents of one YAML text. */
export function formatDocuments(objects: readonly unknown[]): string {
  return objects.map((object) => formatObject(object, "yaml")).join("\n---\n");
}

/** Prints one object as JSON or YAML. */
export function formatObject(object: unknown, format: "json" | "yaml"): string {
  return format === "json"
    ? JSON.stringify(object, null, 2)
    : stringify(object, { lineWidth: 0, aliasDuplicateObjects: false, compat: "yaml-1.1" }).trimEnd();
}

/** Prints one object whole or by its name. */
export function formatOne(object: Named, format: ObjectFormat): string {
  return format === "name" ? qualifiedName(object) : formatObject(withoutManagers(object), format);
}

/** Who wrote which field is left out, as kubectl does. */
function withoutManagers<T extends Named>(object: T): Named {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** `pipelinerun.plimsoll.dev/digits-x7k2p`, as `kubectl -o name` prints it. */
export function qualifiedName(object: Named): string {
  const group = object.apiVersion?.split("/")[0] ?? "plimsoll.dev";
  return `${(object.kind ?? "pipelinerun").toLowerCase()}.${group}/${object.metadata.name ?? ""}`;
}
