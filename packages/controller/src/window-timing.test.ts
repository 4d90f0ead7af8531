import { openness } from "@plimsoll/features/resizing";
import { expect, test } from "vitest";
import { recurrenceOf } from "./window-timing.ts";

const timeZone = "Europe/Zurich";

/** Whether a policy's only window is open at a time, and until when. */
function at(cron: string, duration: string, time: string): string {
  const { isOpen, until } = openness({ spec: { windows: [{ cron, duration, timeZone }] } }, recurrenceOf, Date.parse(time));
  return `${isOpen ? "open" : "closed"} until ${until === undefined ? "never" : new Date(until).toISOString()}`;
}

test.each([
  ["a night as others", "0 22 * * SAT", "6h", "2026-03-21T21:00:00Z", "open until 2026-03-22T03:00:00.000Z"],
  [
    "clocks set forward: it is open as long as it says",
    "0 22 * * SAT",
    "6h",
    "2026-03-28T21:00:00Z",
    "open until 2026-03-29T03:00:00.000Z",
  ],
  [
    "after that it is closed until it is ten by summer's clock",
    "0 22 * * SAT",
    "6h",
    "2026-03-29T03:00:00Z",
    "closed until 2026-04-04T20:00:00.000Z",
  ],
  ["clocks set back: it is open as long as it says", "0 22 * * SAT", "6h", "2026-10-24T20:00:00Z", "open until 2026-10-25T02:00:00.000Z"],
  [
    "an hour that doesn't come: it opens as that is over",
    "30 2 * * *",
    "1h",
    "2026-03-29T00:59:00Z",
    "closed until 2026-03-29T01:00:00.000Z",
  ],
  [
    "an hour that doesn't come: it is open as long as it says",
    "30 2 * * *",
    "1h",
    "2026-03-29T01:31:00Z",
    "open until 2026-03-29T02:00:00.000Z",
  ],
  ["an hour that comes twice: it opens in the first", "30 2 * * *", "30m", "2026-10-25T00:30:00Z", "open until 2026-10-25T01:00:00.000Z"],
  [
    "an hour that comes twice: it doesn't in the second",
    "30 2 * * *",
    "30m",
    "2026-10-25T01:30:00Z",
    "closed until 2026-10-26T01:30:00.000Z",
  ],
])("%s", (_, cron, duration, time, expected) => {
  expect(at(cron, duration, time)).toBe(expected);
});
