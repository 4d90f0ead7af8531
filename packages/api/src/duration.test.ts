import * as fc from "fast-check";
import { expect, test } from "vitest";
import { durationPattern, parseDuration } from "./duration.ts";

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
