import { expect, test } from "vitest";
import { elapsed, formatDuration } from "./duration.ts";

test.each([
  [-5, "0.0s"],
  [449, "0.4s"],
  [9_940, "9.9s"],
  [9_960, "10s"],
  [59_400, "59s"],
  [187_000, "3m07s"],
  [7_500_000, "2h05m"],
  [356_400_000, "4d3h"],
])("%i ms reads as %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test("what has not ended lasts until now, and what has not started has no duration", () => {
  expect(elapsed("2026-01-01T00:00:00Z", undefined, Date.parse("2026-01-01T00:00:05Z"))).toBe(5_000);
  expect(elapsed("2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z", Date.parse("2026-01-01T00:00:05Z"))).toBe(2_000);
  expect(elapsed(undefined, undefined, 0)).toBeUndefined();
});
