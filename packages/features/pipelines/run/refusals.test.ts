import { expect, test } from "vitest";
import { Refusals } from "./refusals.ts";

test("each act that is refused is tried again by itself, later and later, until it is done", () => {
  const refusals = new Refusals<string>((act) => act);
  expect([refusals.next, refusals.message, refusals.due(Infinity)]).toEqual([Infinity, undefined, []]);
  refusals.settle(["a", "b", "c"], new Map([["a", "no"]]), 0);
  expect([refusals.next, refusals.message, refusals.due(99), refusals.due(100)]).toEqual([100, "no", [], ["a"]]);
  refusals.settle(["a", "d"], new Map(["a", "d"].map((act) => [act, "still no"])), 100);
  expect([refusals.next, refusals.due(200), refusals.due(300), refusals.size]).toEqual([200, ["d"], ["a", "d"], 2]);
  refusals.settle(["d"], new Map(), 200);
  expect([refusals.size, refusals.next, refusals.message]).toEqual([1, 300, "still no"]);
});
