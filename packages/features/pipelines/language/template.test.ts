import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toCel, fromCel } from "./cel.ts";
import { Meter } from "./meter.ts";
import { parseTemplate, wholeExpression } from "./template.ts";

const variables = { params: toCel({ n: 3, f: 0.5, s: "x", list: ["a", "b"] }), item: toCel({ k: [1, 2.5] }) };

test.each([
  ["no expressions", "no expressions"],
  ["${{ params.n }} and ${{ params.f }}", "3 and 0.5"],
  ["${{ params.s + '}}' }}", "x}}"],
  ['${{ {"a": {"b": params.n}} }}', '{"a":{"b":3}}'],
  ["${{ item }}", '{"k":[1,2.5]}'],
  ["$ {{ params.n }} ${ x } }}", "$ {{ params.n }} ${ x } }}"],
  ["${{ params.list.map(x, x + '!') }}", '["a!","b!"]'],
  ["${{ params.n > 2 ? 'many' : 'few' }}", "many"],
])("%s renders as %s", (text, rendered) => {
  expect(parseTemplate(text, ["script"]).render(variables, new Meter())).toBe(rendered);
});

test("only a text that is one expression keeps the expression's type", () => {
  expect(wholeExpression(" ${{ params.list }} ")?.evaluate(variables, new Meter())).toEqual(["a", "b"]);
  expect(wholeExpression("x ${{ params.list }}")).toBeUndefined();
  expect(wholeExpression("${{ 1 }}${{ 2 }}")).toBeUndefined();
});

test.each([
  ["echo ${{ 'a }}", "`${{ 'a }}` begins a text with ' and doesn't end it: write ' before }}"],
  ["echo ${{ 'a' + \"b }} c", "begins a text with \" and doesn't end it"],
  ["echo ${{ 'a'", "has no closing }}"],
])("%s has no end: %s", (text, message) => {
  expect(() => parseTemplate(text, ["script"])).toThrow(message);
});

test("what is not there is an error that names it", () => {
  expect(() => parseTemplate("${{ params.none }}", ["script"]).render(variables, new Meter())).toThrow(/none/);
});

test("every JSON value passes through CEL unchanged", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.parse(JSON.stringify(value)) as unknown;
      expect(fromCelOf(json)).toEqual(json);
    }),
  );
});

function fromCelOf(value: unknown): unknown {
  return wholeExpression("${{ v }}")?.evaluate({ v: toCel(value) }, new Meter());
}

test("whole numbers are CEL ints, and come back as numbers", () => {
  expect(toCel(7)).toBe(7n);
  expect(fromCel(7n)).toBe(7);
  expect(fromCel(2n ** 60n)).toBe("1152921504606846976");
});
