import { expect, test } from "vitest";
import { conditionOf, withCondition } from "./condition.ts";

const at = (now: number, status: "True" | "False", message = "m") =>
  conditionOf({ metadata: { generation: 1 } }, now, { type: "T", status, reason: "R", message });

test("a condition keeps the time of its last transition as long as its status stays, and the others stay as they are", () => {
  const other = { ...at(0, "True"), type: "Other" };
  const first = withCondition([other], at(0, "False"));
  expect(first).toEqual([other, at(0, "False")]);
  expect(withCondition(first, at(1000, "False"))).toBe(first);
  expect(withCondition(first, at(1000, "False", "n"))).toEqual([other, at(0, "False", "n")]);
  expect(withCondition(first, at(1000, "True"))).toEqual([other, at(1000, "True")]);
});
