import * as fc from "fast-check";
import { expect, test } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

test("a token is there when, and only when, so many have come since that one is left", () => {
  // A second is a multiple of each interval, so that the model counts in whole numbers.
  const rate = fc.record({ qps: fc.constantFrom(1, 2, 5, 10, 50, 100), burst: fc.integer({ min: 1, max: 20 }) });
  const step = fc.record({ pass: fc.nat({ max: 400 }), want: fc.nat({ max: 5 }) });
  fc.assert(
    fc.property(rate, fc.array(step, { maxLength: 200 }), ({ qps, burst }, steps) => {
      const bucket = new TokenBucket({ qps, burst });
      const interval = 1_000 / qps;
      let now = 0;
      let credit = burst * interval;
      for (const { pass, want } of steps) {
        now += pass;
        credit = Math.min(burst * interval, credit + pass);
        for (let i = 0; i < want; i++) {
          const isThere = credit >= interval;
          if (!isThere) expect(bucket.nextAt).toBe(now + interval - credit);
          expect(bucket.take(now)).toBe(isThere);
          if (isThere) credit -= interval;
        }
      }
    }),
  );
});

test("a bucket that rests is full again, and no fuller", () => {
  const bucket = new TokenBucket({ qps: 10, burst: 3 });
  const taken = (now: number) => {
    let count = 0;
    while (bucket.take(now)) count += 1;
    return count;
  };
  expect([0, 99, 100, 350, 10_000].map(taken)).toEqual([3, 0, 1, 2, 3]);
});

test("a drained bucket gives its next token at the time given, and no burst then", () => {
  const bucket = new TokenBucket({ qps: 10, burst: 3 });
  bucket.drain(5_000);
  bucket.drain(4_000);
  expect(bucket.nextAt).toBe(5_000);
  expect([4_999, 5_000, 5_000, 5_100].map((now) => bucket.take(now))).toEqual([false, true, false, true]);
});

test.each([
  { qps: 0, burst: 1, message: "qps is 0" },
  { qps: -1, burst: 1, message: "qps is -1" },
  { qps: Number.NaN, burst: 1, message: "qps is NaN" },
  { qps: Infinity, burst: 1, message: "qps is Infinity" },
  { qps: 1, burst: 0, message: "burst is 0" },
  { qps: 1, burst: -5, message: "burst is -5" },
  { qps: 1, burst: 0.5, message: "burst is 0.5" },
  { qps: 1, burst: Number.NaN, message: "burst is NaN" },
])("a bucket whose $message is refused", ({ qps, burst, message }) => {
  expect(() => new TokenBucket({ qps, burst })).toThrow(RangeError);
  expect(() => new TokenBucket({ qps, burst })).toThrow(message);
});
