import { expect, test } from "vitest";
import { toCel } from "./cel.ts";
import { parseExpression } from "./expression.ts";
import { Meter } from "./meter.ts";

const params = toCel({
  xs: Array.from({ length: 1000 }, (_, index) => `item${index}`),
  big: "x".repeat(1_000_000),
  s: "a,b,c",
  keys: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, index])),
});

function valueOf(source: string): unknown {
  return parseExpression(source).evaluate({ params }, new Meter());
}

/** A macro that is nested so often that each doubling of a value would be far beyond any memory. */
const nested = (start: string, step: (name: string) => string): string =>
  `${start}${Array.from({ length: 40 }, (_, index) => `.map(v${index}, ${step(`v${index}`)})`).join("")}`;

test.each([
  ["lists put together", `size(${nested("[[0]]", (v) => `${v} + ${v}`)}[0])`],
  ["texts put together", nested('["x"]', (v) => `${v} + ${v}`)],
  ["lists in lists", nested('["x"]', (v) => `[${v}, ${v}]`)],
  ["maps in maps", nested('["x"]', (v) => `{"a": ${v}, "b": ${v}}`)],
  ["lists in lists that are compared", `${nested('["x"]', (v) => `[${v}, ${v}]`)} == ${nested('["x"]', (v) => `[${v}, ${v}]`)}`],
  ["replacements", 'params.big.replace("x", "aaaaaaaaaaaaaaaa").replace("a", "aaaaaaaaaaaaaaaa").size()'],
  ["replacements of nothing", "params.big.replace('', params.big)"],
  ["joined lists", "params.xs.map(x, params.xs).map(x, x.join(params.big))"],
  ["texts that are read again and again", "params.xs.map(x, params.big.lowerAscii())"],
  ["a regular expression over a long text", 'params.xs.filter(x, params.big.matches("(a|b|x)*y"))'],
  ["a long list that is looked at once, again and again", "params.xs.all(x, params.xs.all(y, params.xs.exists(z, true)))"],
  ["lists put together again and again", "[params.xs].exists(l, params.xs.all(x, params.xs.all(y, size(l + l + l + l) > 0)))"],
  ["a macro in a macro", "params.xs.all(x, params.xs.all(y, x + y != ''))"],
])("%s beyond all measure are refused before they fill the memory", (_what, source) => {
  expect(() => valueOf(source)).toThrow(
    /(go through more than \d+ (items|characters)|makes a value of more than \d+ characters): do this in a step/,
  );
});

test.each<[source: string, value: unknown]>([
  ['params.s.replace(",", ";")', "a;b;c"],
  ['params.s.replace(",", ";", 1)', "a;b,c"],
  ['params.s.replace(",", ";", 0)', "a,b,c"],
  ['"abc".replace("", "_")', "_a_b_c_"],
  ['"abc".replace("", "_", 2)', "_a_bc"],
  ['["a", "b"].join()', "ab"],
  ['params.s.split(",").map(x, x + x).join("-")', "aa-bb-cc"],
  ["[[1, 2], [3]].map(x, x.map(y, y * 2)) + [[7]]", [[2, 4], [6], [7]]],
  ['{"a": [1, {"b": 2}]}.a[1].b', 2],
  ['"item7" in params.xs && !("no" in params.xs)', true],
  ["params.xs.map(x, x + '!').join(',').size()", 8889],
  ["params.xs.all(x, !(x in params.keys) && params.xs != null)", true],
  ["[1, 2.5, 'x', true, null]", [1, 2.5, "x", true, null]],
])("%s is %j", (source, value) => {
  expect(valueOf(source)).toEqual(value);
});

test("an entry that can't be joined is an error", () => {
  expect(() => valueOf('[1].join(",")')).toThrow("join: the list has entries that are not text");
});

test("a text is parsed once, whatever blanks are around it", () => {
  expect(parseExpression(" params.s + 'x' ")).toBe(parseExpression("params.s + 'x'"));
  expect(parseExpression("params.s + 'x'")).not.toBe(parseExpression("params.s + 'y'"));
});

test.each<[source: string, names: Partial<Record<"variables" | "params" | "steps" | "runFields", string[]>>]>([
  ["params.a + params['b'] + params[item]", { variables: ["params", "item"], params: ["a", "b"] }],
  ["steps.a.outputs.x == steps['b-c'].phase", { variables: ["steps"], steps: ["a", "b-c"] }],
  ["run.name + run['uid'] + (has(run.outcome) ? '' : '-')", { variables: ["run"], runFields: ["name", "uid", "outcome"] }],
  ["[1].exists(run, run.x == params.a) || toString.x", { variables: ["params", "toString"], params: ["a"] }],
  ["type(params.a) == list || type(item) != string", { variables: ["params", "item"], params: ["a"] }],
  ["params.xs.map(steps, steps.a)", { variables: ["params"], params: ["xs"] }],
])("%s names %j", (source, { variables = [], params = [], steps = [], runFields = [] }) => {
  const expression = parseExpression(source);
  expect([...expression.variables]).toEqual(variables);
  expect([...expression.params]).toEqual(params);
  expect([...expression.steps]).toEqual(steps);
  expect([...expression.runFields]).toEqual(runFields);
});

// Each would be 2^40 of what it is, if its macro had what it is of twice.
test.each([
  ["[2, 1]", ".sortBy(x, x)", [1, 2]],
  ["optional.of(1)", ".optMap(x, x)", undefined],
  ["optional.of(1)", ".optFlatMap(x, optional.of(x))", undefined],
  ["[1]", ".transformList(i, x, x)", [1]],
  ["{'a': 1}", ".transformMap(k, x, x)", { a: 1 }],
])("a chain of macros grows no more than it is long: %s%s", (start, macro, expected) => {
  const chain = start + macro.repeat(40);
  expect(valueOf(expected === undefined ? `${chain}.value()` : chain)).toEqual(expected ?? 1);
});
