import { expect, test } from "vitest";
import { ApiError, ConnectionError } from "../errors.ts";
import { delayAfter } from "./attempts.ts";

const refused = (code: number, retryAfter?: number) => new ApiError("POST /events", code, {}, retryAfter);

test.each([
  [new ConnectionError("no answer", true), 1, 1_500],
  [refused(503), 3, 6_000],
  [refused(409), 7, 96_000],
  [refused(500), 8, undefined],
  [refused(429, 60), 1, 60_000],
  [refused(429, 10_000), 1, 300_000],
  [refused(401), 1, undefined],
  [refused(403), 1, undefined],
  [refused(400), 1, undefined],
  [new TypeError("a defect"), 1, undefined],
])("after %s on attempt %i, an event waits for %j ms", (error, attempt, ms) => {
  expect(delayAfter(error, attempt, () => 1)).toBe(ms);
});
