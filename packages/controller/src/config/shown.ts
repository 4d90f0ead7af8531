import { formatPath, type Schema } from "@plimsoll/api";
import type { Key } from "./keys.ts";

/** What is of our own in a schema is said in words, as others know no such keyword. */
export function published({ live, ...schema }: Schema): Schema {
  return {
    ...schema,
    ...(live === true && { description: `${schema.description} Taken without a restart.` }),
    ...(schema.properties && {
      properties: Object.fromEntries(Object.entries(schema.properties).map(([name, value]) => [name, published(value)])),
    }),
  };
}

/** A row of the table of keys: its path, type and default, what else is said of it, and its description. */
export function rowOf({ path, value }: Pick<Key, "path" | "value">, more: readonly string[] = []): string {
  const { default: given } = value;
  const shown = given === undefined || given === "" || isEmpty(given) ? "" : `\`${textOf(given)}\``;
  const description = (value.description ?? "").replaceAll("|", "\\|");
  return `| ${[`\`${formatPath(path)}\``, typeOf(value), shown, ...more, description].join(" | ")} |`;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function typeOf({ type, enum: values, items, minimum, maximum, anyOf }: Schema): string {
  if (anyOf) return [...new Set(anyOf.map(typeOf))].join(" or ");
  if (values) return values.map((value) => `\`${String(value)}\``).join(", ");
  if (items) return `list of ${typeOf(items)}s`;
  const name = type === "integer" ? "whole number" : String(type);
  return minimum === undefined || maximum === undefined ? name : `${name}, ${String(minimum)}–${String(maximum)}`;
}
