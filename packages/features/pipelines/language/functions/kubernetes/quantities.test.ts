import { expect, test } from "vitest";
import { parseExpression } from "../../expression.ts";
import { Meter } from "../../meter.ts";

const valueOf = (source: string): unknown => parseExpression(source).evaluate({}, new Meter());

test("very many digits are refused before they hold anything up", () => {
  const digits = "1".repeat(100_000);
  for (const source of ["isQuantity(digits)", "quantity(digits).sign() > 0", "duration('0.' + digits + 's') > duration('0s')"])
    expect(() => parseExpression(`[1,2,3,4,5,6,7,8,9].all(n, ${source})`).evaluate({ digits }, new Meter(1 / 25))).toThrow(
      "go through more than",
    );
});

test.each([
  ['quantity("1e300000000").isInteger()', false],
  ['quantity("0e300000000").isInteger()', true],
  ['quantity("0e300000000").asInteger()', 0],
  ['quantity("1e300000000").add(quantity("1")).isInteger()', false],
  ['quantity("1").sub(quantity("1e300000000")).isInteger()', false],
  ['quantity("1e18").isInteger()', true],
  ['quantity("1e19").isInteger()', false],
  // Each must fit by itself.
  ['quantity("10E").sub(quantity("900000000000000000")).isInteger()', false],
])("%s is %j, in no time", (source, value) => {
  expect(valueOf(source)).toBe(value);
});
