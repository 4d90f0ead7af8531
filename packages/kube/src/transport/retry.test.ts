import { expect, test } from "vitest";
import { ApiError, ConnectionError } from "../errors.ts";
import { retryAfterOf, retryDelay } from "./retry.ts";

const api = (code: number, retryAfter?: number) => new ApiError("GET /", code, undefined, retryAfter);
const refused = new ConnectionError("refused", false);
const broken = new ConnectionError("broken", true);

test.each([
  { what: "429 with Retry-After", error: api(429, 2), once: 2000, idempotent: 2000 },
  { what: "429 without (an eviction that a budget refuses)", error: api(429), once: undefined, idempotent: undefined },
  { what: "503 with Retry-After", error: api(503, 3), once: undefined, idempotent: 3000 },
  { what: "429 with a Retry-After of over two minutes", error: api(429, 121), once: undefined, idempotent: undefined },
  { what: "503 with a Retry-After of over two minutes", error: api(503, Number.POSITIVE_INFINITY), once: undefined, idempotent: undefined },
  { what: "500", error: api(500), once: undefined, idempotent: 100 },
  { what: "409", error: api(409), once: undefined, idempotent: undefined },
  { what: "a refused connection", error: refused, once: 100, idempotent: 100 },
  { what: "a broken connection", error: broken, once: undefined, idempotent: 100 },
  { what: "a bug", error: new TypeError("x"), once: undefined, idempotent: undefined },
])("after $what, the wait is $once ms for a POST and $idempotent ms for a GET", ({ error, once, idempotent }) => {
  expect(retryDelay(error, 1, false, () => 0)).toBe(once);
  expect(retryDelay(error, 1, true, () => 0)).toBe(idempotent);
});

test("attempts are bounded, and end within seconds where the server does not ask for more", () => {
  const delays = (error: Error) =>
    Array.from({ length: 20 }, (_, n) => retryDelay(error, n + 1, true, () => 1)).filter((delay) => delay !== undefined);
  expect(delays(api(429, 1))).toHaveLength(9);
  expect(delays(broken)).toEqual([150, 300, 600, 1200, 2400]);
});

test.each([
  ["7", 7],
  ["0", 0],
  ["Thu, 01 Jan 1970 00:01:05 GMT", 5],
  ["Thu, 01 Jan 1970 00:00:05 GMT", 0],
  ["-5", undefined],
  ["1e9", undefined],
  ["", undefined],
  ["soon GMT", undefined],
  [undefined, undefined],
])("a Retry-After of %j at one minute past the epoch is %j seconds", (header, seconds) => {
  expect(retryAfterOf(header, 60_000)).toBe(seconds);
});

test("a wait that a Status asks for is never negative", () => {
  expect(new ApiError("GET /", 429, { reason: "TooManyRequests", details: { retryAfterSeconds: -1 } })).toMatchObject({
    reason: "TooManyRequests",
    retryAfter: undefined,
  });
});
