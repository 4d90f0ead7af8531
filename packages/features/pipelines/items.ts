import { messageOf } from "@plimsoll/kube";
import type { Draft } from "./draft.ts";
import { faultIn } from "./language/json-fault.ts";
import type { PlanStep } from "./plan/plan.ts";

const mostItems = 10_000;

/** The items of a step, `[undefined]` where it runs once; or what is wrong with them. */
export function itemsOf(draft: Draft, step: PlanStep): readonly unknown[] | string {
  if (step.items === undefined) return [undefined];
  if (!("evaluate" in step.items)) return step.items;
  let value: unknown;
  try {
    value = step.items.evaluate(draft.variables([step.items]));
    // An output is text; one that is to be a list is written as JSON.
    if (typeof value === "string") value = JSON.parse(value) as unknown;
  } catch (error) {
    return typeof value === "string" ? `\`${step.items.source}\` gives ${shown(value)}, which is not a list in JSON` : messageOf(error);
  }
  if (!Array.isArray(value)) return `\`${step.items.source}\` gives ${shown(value)}, not a list`;
  if (value.length > mostItems) return `\`${step.items.source}\` gives ${value.length} items; at most ${mostItems} are possible`;
  const fault = faultIn(value);
  return fault === undefined ? value : `\`${step.items.source}\`: an item ${fault}`;
}

/** A value, short enough for a message. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
