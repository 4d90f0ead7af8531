import { faultIn } from "./json-fault.ts";

const mostItems = 10_000;

/** The items that a value is, which may be a text that is a list in JSON, as outputs are; or what is wrong with it, as in `gives 7, not a list`. */
export function readItems(value: unknown): readonly unknown[] | string {
  let list = value;
  try {
    if (typeof value === "string") list = JSON.parse(value) as unknown;
  } catch {
    return `gives ${excerpt(value)}, which is not a list in JSON`;
  }
  if (!Array.isArray(list)) return `gives ${excerpt(list)}, not a list`;
  if (list.length > mostItems) return `gives ${list.length} items; at most ${mostItems} are possible`;
  const fault = faultIn(list);
  return fault === undefined ? list : `gives an item that ${fault}`;
}

/** A value, short enough for a message. */
export function excerpt(value: unknown): string {
  return start(JSON.stringify(value) ?? "nothing");
}

/** The start of a text, short enough for a message. */
export function start(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
