import { expect, test } from "vitest";
import { toCel } from "./cel.ts";
import { parseExpression } from "./expression.ts";
import { Meter } from "./meter.ts";
import { spend } from "./metered.ts";
import { parseTemplate } from "./template.ts";

const xs = toCel(Array.from({ length: 1000 }, (_, index) => index));

test("a meter gives what has been spent as a share of what one step may take: of what it has taken most of", () => {
  const meter = new Meter();
  expect(meter.share).toBe(0);
  meter.spend("items", 250_000);
  meter.spend("characters", 1024);
  expect(meter.share).toBe(0.5);
});

test("a meter refuses what is beyond, and then has a share of more than 1", () => {
  const meter = new Meter();
  meter.spend("items", 500_000);
  expect(() => meter.spend("items", 1)).toThrow("the step's expressions go through more than 500000 items: do this in a step");
  expect(meter.share).toBeGreaterThan(1);
});

test("evaluations add up on the meter that they are handed, and on no other", () => {
  const [one, other] = [new Meter(), new Meter()];
  const expression = parseExpression("xs.all(x, x >= 0)");
  expression.evaluate({ xs }, one);
  const { share } = one;
  expression.evaluate({ xs }, one);
  expect(share).toBeGreaterThan(0);
  expect(one.share).toBeCloseTo(2 * share);
  expect(other.share).toBe(0);
});

test("an evaluation that fails spends too, and leaves no meter behind", () => {
  const meter = new Meter();
  expect(() => parseExpression("xs.all(x, x < y)").evaluate({ xs }, meter)).toThrow(/y/);
  expect(meter.share).toBeGreaterThan(0);
  expect(() => spend("items", 1)).toThrow("outside of metered()");
});

test("what is rendered of a step is limited, all its texts together", () => {
  const meter = new Meter();
  const template = parseTemplate("${{ text }}", ["script"]);
  const render = () => template.render({ text: "x".repeat(2 ** 24) }, meter);
  for (let times = 0; times < 4; times += 1) render();
  expect(render).toThrow("what is rendered for the step's pods is longer than 67108864 characters: shorten it, or have fewer items");
});

test("an evaluation takes the same each time, whatever was evaluated before", () => {
  const variables = { xs, nested: toCel({ lists: [[1, 2], [3]], texts: ["a", "b"] }) };
  for (const source of [
    "xs == xs",
    "5 in xs",
    "nested.texts.join()",
    "[xs, xs] == [nested.lists, xs]",
    "quote(xs)",
    "[[1, 2], [3]] == [[1], [2]]",
  ]) {
    const shares = [1, 2, 3].map(() => {
      const meter = new Meter();
      parseExpression(source).evaluate(variables, meter);
      return meter.share;
    });
    expect(shares[0]).toBeGreaterThan(0);
    expect(new Set(shares).size).toBe(1);
  }
});

test("what is asked for in negative numbers gives nothing back", () => {
  const meter = new Meter();
  expect(parseExpression("lists.range(-9000000)").evaluate({}, meter)).toEqual([]);
  expect(() => parseExpression("size(lists.range(-9000000)) + size(lists.range(600000))").evaluate({}, meter)).toThrow(
    "more than 500000 items",
  );
});
