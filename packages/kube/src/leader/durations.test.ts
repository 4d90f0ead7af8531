import { expect, test } from "vitest";
import { checkDurations, defaultDurations } from "./durations.ts";

test.each([
  [{ lease: 2_500 }, "lease is 2500 ms: give whole seconds"],
  [{ lease: 0 }, "lease is 0 ms: give whole seconds"],
  [{ renewDeadline: 15_000 }, "renewDeadline is 15000 ms: it must be less than lease, 15000 ms"],
  [{ renewDeadline: Number.NaN }, "renewDeadline is NaN ms"],
  [{ retryPeriod: 5_001 }, "retryPeriod is 5001 ms: give at most half of renewDeadline, 10000 ms"],
  [{ retryPeriod: 0 }, "retryPeriod is 0 ms"],
])("%j is refused", (fault, message) => {
  expect(() => checkDurations({ ...defaultDurations, ...fault })).toThrow(RangeError);
  expect(() => checkDurations({ ...defaultDurations, ...fault })).toThrow(message);
});

test("the defaults go together", () => {
  expect(() => checkDurations(defaultDurations)).not.toThrow();
});
