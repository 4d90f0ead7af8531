import { messageOf } from "@plimsoll/kube/message";
import { readItems } from "../language/items.ts";
import type { PlanStep } from "../plan/plan.ts";
import type { Draft } from "./draft.ts";

/** The items of a step, `[undefined]` where it runs once; or what is wrong with them. */
export function itemsOf(draft: Draft, step: PlanStep): readonly unknown[] | string {
  const { items } = step.templates();
  if (items === undefined) return [undefined];
  if (!("evaluate" in items)) return items;
  try {
    const read = readItems(items.evaluate(draft.variables(step, [items]), draft.meter(step)));
    return typeof read === "string" ? `\`${items.source}\` ${read}` : read;
  } catch (error) {
    return messageOf(error);
  }
}
