import { expect, test } from "vitest";
import { dealtWith } from "./record.ts";

const minute = 60_000;
const start = Date.parse("2027-01-01T00:00:00Z");
const at = (minutes: number): string => new Date(start + minutes * minute).toISOString();
/** Every so many minutes. */
const every = (minutes: number) => ({ next: (after: number) => (Math.floor(after / (minutes * minute)) + 1) * minutes * minute });

test.each([
  ["a new schedule counts from its creation", {}, 5, 1],
  ["the next time has not come", { scheduleState: "Scheduled", nextRun: at(10) }, 5, 10 - 1 / minute],
  ["the next time was missed", { scheduleState: "Scheduled", nextRun: at(5) }, 5, 5 - 1 / minute],
  ["one that was suspended counts from now", { scheduleState: "Scheduled" }, 5, 7],
  ["one with other times counts from now", { scheduleState: "Scheduled", nextRun: at(4) }, 5, 7],
  ["one with more times counts from now", { scheduleState: "Scheduled", nextRun: at(60) }, 5, 7],
])("%s", (_, status, interval, expected) => {
  expect((dealtWith(status, every(interval), { createdAt: start + minute, now: start + 7 * minute }) - start) / minute).toBe(expected);
});
