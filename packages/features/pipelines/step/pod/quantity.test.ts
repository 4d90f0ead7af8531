import * as fc from "fast-check";
import { expect, test } from "vitest";
import { multiplied } from "./quantity.ts";

test.each([
  ["1Gi", 2, "2Gi"],
  ["1Gi", 1.5, "1.5Gi"],
  ["512Mi", 1.5, "768Mi"],
  ["1Gi", 1.1, "1181116007"],
  ["100M", 1.25, "125M"],
  ["1G", 1.5 ** 3, "3.375G"],
  ["1.5k", 3, "4.5k"],
  ["1000", 1.5, "1500"],
  ["999", 1.5, "1499"],
  ["1500m", 2, "3000m"],
  ["1500m", 3, "5"],
  ["1e9", 2, "2e9"],
  ["1E3", 1.5, "1.5e3"],
  ["12e-1", 2, "3"],
  ["2Ki", 1.0000001, "2049"],
  [".5Gi", 4, "2Gi"],
  ["+1Gi", 2, "2Gi"],
  ["0", 7, "0"],
  ["1Ei", 4, "4Ei"],
  // The API server says what is wrong with these.
  ["lots", 2, "lots"],
  ["1.2.3", 2, "1.2.3"],
  ["1e999", 2, "1e999"],
  ["1Gi", Infinity, "1Gi"],
])("%s times %d is %s", (quantity, factor, product) => {
  expect(multiplied(quantity, factor)).toBe(product);
});

const bytes = { "": 1n, k: 1000n, Ki: 1024n, M: 1000n ** 2n, Mi: 1024n ** 2n, G: 1000n ** 3n, Gi: 1024n ** 3n } as const;

test("a quantity times a factor is exact, and where it is no whole number of bytes, the next one", () => {
  const unit = fc.constantFrom(...(Object.keys(bytes) as (keyof typeof bytes)[]));
  fc.assert(
    fc.property(fc.nat(100_000), unit, fc.integer({ min: 100, max: 1000 }), (amount, unit, percent) => {
      const [, number = "", own = ""] = /^([0-9.]+)(.*)$/.exec(multiplied(`${amount}${unit}`, percent / 100)) ?? [];
      const [whole = "", part = ""] = number.split(".");
      const made = (BigInt(whole + part.padEnd(3, "0")) * (bytes[own as keyof typeof bytes] ?? 0n)) / 1000n;
      const hundredths = BigInt(amount) * bytes[unit] * BigInt(percent);
      expect(made).toBe((hundredths + 99n) / 100n);
    }),
  );
});

test("once is once: a quantity stays as it is written", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(multiplied(text, 1)).toBe(text);
    }),
  );
});
