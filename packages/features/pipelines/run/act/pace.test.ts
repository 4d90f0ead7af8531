import { expect, test } from "vitest";
import { Pace } from "./pace.ts";

test("a run that wasn't written for a second is written at once, another when its second is over, a long one later", () => {
  const pace = new Pace(20, 40);
  expect(pace.reserve(10_000, -Infinity, 0)).toBe(10_000);
  expect(pace.reserve(10_000, 9_500, 0)).toBe(10_500);
  expect(pace.reserve(10_000, 9_500, 200_000)).toBe(12_500);
});

test("of a thousand that change at once each has its turn, in order, at the rate", () => {
  const pace = new Pace(20, 40);
  const times = Array.from({ length: 1_000 }, () => pace.reserve(0, -Infinity, 0));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.filter((at) => at === 0)).toHaveLength(40);
  expect(times.at(-1)).toBe((1_000 - 40) * 50);
});

test("a thousand that rest hold nobody up", () => {
  const pace = new Pace(20, 40);
  for (let index = 0; index < 1_000; index += 1) pace.reserve(0, -Infinity, 0);
  expect(pace.reserve(60_000, -Infinity, 0)).toBe(60_000);
});
