import { messageOf } from "@plimsoll/kube/message";
import { faultIn } from "../language/json-fault.ts";
import type { PlanStep } from "../plan/plan.ts";
import type { Draft } from "./draft.ts";

const mostItems = 10_000;

/** The items of a step, `[undefined]` where it runs once; or what is wrong with them. */
export function itemsOf(draft: Draft, step: PlanStep): readonly unknown[] | string {
  const { items } = step.templates();
  if (items === undefined) return [undefined];
  if (!("evaluate" in items)) return items;
  let value: unknown;
  try {
    value = items.evaluate(draft.variables(step, [items]), draft.meter(step));
    // An output is text; one that is to be a list is written as JSON.
    if (typeof value === "string") value = JSON.parse(value) as unknown;
  } catch (error) {
    return typeof value === "string" ? `\`${items.source}\` gives ${excerpt(value)}, which is not a list in JSON` : messageOf(error);
  }
  if (!Array.isArray(value)) return `\`${items.source}\` gives ${excerpt(value)}, not a list`;
  if (value.length > mostItems) return `\`${items.source}\` gives ${value.length} items; at most ${mostItems} are possible`;
  const fault = faultIn(value);
  return fault === undefined ? value : `\`${items.source}\`: an item ${fault}`;
}

/** A value, short enough for a message. */
export function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
