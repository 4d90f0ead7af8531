import { expect, test } from "vitest";
import { checkDurations, defaultDurations } from "./durations.ts";

test.each([
  [{ leaseDuration: 2_500 }, "leaseDuration is 2.5 s: must be whole seconds"],
  [{ leaseDuration: 0 }, "leaseDuration is 0 s: must be whole seconds"],
  [{ renewDeadline: 15_000 }, "renewDeadline is 15 s: must be less than leaseDuration, 15 s"],
  [{ renewDeadline: Number.NaN }, "renewDeadline is NaN s"],
  [{ retryPeriod: 5_001 }, "retryPeriod is 5.001 s: must be more than 0 and at most half of renewDeadline, 10 s"],
  [{ retryPeriod: 0 }, "retryPeriod is 0 s"],
])("%j is refused", (fault, message) => {
  expect(() => checkDurations({ ...defaultDurations, ...fault })).toThrow(RangeError);
  expect(() => checkDurations({ ...defaultDurations, ...fault })).toThrow(message);
});

test("the defaults go together", () => {
  expect(() => checkDurations(defaultDurations)).not.toThrow();
});
