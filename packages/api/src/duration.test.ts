import * as fc from "fast-check";
import { expect, test } from "vitest";
import { durationPattern, parseDuration, somePattern } from "./duration.ts";

test("a duration is the sum of its hours, minutes and seconds", () => {
  const part = fc.nat(999);
  fc.assert(
    fc.property(part, part, part, (h, m, s) => {
      expect(parseDuration(`${h}h${m}m${s}s`)).toBe(((h * 60 + m) * 60 + s) * 1000);
    }),
  );
  expect([parseDuration("45s"), parseDuration("10m"), parseDuration("1h30m")]).toEqual([45_000, 600_000, 5_400_000]);
});

test.each(["", "10", "m", "1.5h", "10 m", "30s1m", "-1s", "1d"])('"%s" is not a duration', (text) => {
  expect(() => parseDuration(text)).toThrow("write hours, minutes and seconds as in 1h30m, 10m or 45s");
  expect(text !== "" && new RegExp(durationPattern).test(text)).toBe(false);
});

test.each([
  ["0s", false],
  ["0h0m", false],
  ["000s", false],
  ["0h1s", true],
  ["00010m", true],
  ["1h0m0s", true],
  ["10h", true],
])("%s leaves some time: %s", (text, some) => {
  expect(new RegExp(somePattern).test(text)).toBe(some);
});

test("what leaves time is a duration", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^(\d{0,6}h)?(\d{0,8}m)?(\d{0,10}s)?$/), (text) => {
      const isDuration = text !== "" && new RegExp(durationPattern).test(text);
      expect(new RegExp(somePattern).test(text)).toBe(isDuration && parseDuration(text) > 0);
    }),
  );
});
