import { expect, test } from "vitest";
import { parseExpression } from "../../expression.ts";
import { Meter } from "../../meter.ts";

const valueOf = (source: string): unknown => parseExpression(source).evaluate({}, new Meter());

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
