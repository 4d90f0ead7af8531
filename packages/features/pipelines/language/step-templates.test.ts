import type { Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { Meter } from "./meter.ts";
import type { Scope } from "./scope.ts";
import { compileStep } from "./step-templates.ts";
import { int, listOf, any } from "./syntax/types.ts";
import type { Template } from "./template.ts";

const scope: Scope = {
  params: new Map([["size", int]]),
  steps: new Map([
    ["before", 0],
    ["beside", 1],
  ]),
  isFanned: (step) => step === "beside",
  reachable: (step) => step === "before",
};

function messagesOf(step: Partial<Step>, more: Partial<Scope> = {}): string[] {
  return compileStep({ name: "a", image: "busybox", ...step }, { ...scope, ...more }).problems.map(
    ({ path, message }) => `${path.join(".")}: ${message}`,
  );
}

test.each<[source: string, message: string | undefined]>([
  ["params.size", undefined],
  ["params.sise", '`params.sise`: there is no parameter "sise"; did you mean "size"?'],
  ["steps.before.phase", undefined],
  ["steps.beside.phase", '`steps.beside.phase`: the step doesn\'t need "beside", so that it may not have ended: add it to needs'],
  ["steps.besides.phase", '`steps.besides.phase`: there is no step "besides"; did you mean "beside"?'],
  ["run.name + run.namespace + run['uid']", undefined],
  ["run.nam", '`run.nam`: run has no "nam"; did you mean "name"?'],
  ["run['phase']", "`run['phase']`: run has no \"phase\"; there is name, namespace, uid"],
  ["run.outcome", "`run.outcome`: run.outcome is known only in the steps of finally"],
  ["has(run.outcome)", "`has(run.outcome)`: run.outcome is known only in the steps of finally"],
  [
    "item",
    "`item`: item is known only in the script, command, args, env, image, manifest, spark and resources.auto.key of a step with forEach",
  ],
  ["parms.size", '`parms.size`: there is no "parms"; did you mean "params"?'],
])("of %s in a step's if is reported: %s", (source, message) => {
  expect(messagesOf({ if: source })).toEqual(message === undefined ? [] : [`if: ${message}`]);
});

test("a step of finally knows the run's outcome, and the steps that its scope says", () => {
  const inFinally: Partial<Scope> = { inFinally: true, reachable: () => true };
  expect(messagesOf({ if: "run.outcome == 'Failed' && steps.beside.phase == 'Failed'" }, inFinally)).toEqual([]);
  expect(messagesOf({ if: "run.outcom == 'Failed'" }, inFinally)).toEqual([
    'if: `run.outcom == \'Failed\'`: run has no "outcom"; did you mean "outcome"?',
  ]);
});

test("item is known in the texts of a step with forEach, but not in what gives the items", () => {
  expect(messagesOf({ forEach: [1], script: "${{ item }}", env: [{ name: "I", value: "${{ itemIndex }}" }] })).toEqual([]);
  expect(messagesOf({ forEach: "${{ item }}" })).toEqual([
    "forEach: `item`: item is known only in the script, command, args, env, image, manifest, spark and resources.auto.key of a step with forEach",
  ]);
});

test("a problem stands where its text does", () => {
  const bad = "${{ nothing }}";
  const env = [{ name: "A", value: bad }];
  const { problems } = compileStep({ name: "a", image: bad, command: ["x", bad], args: [bad], env }, scope);
  expect(problems.map(({ path }) => path)).toEqual([["image"], ["command", 1], ["args", 0], ["env", 0, "value"]]);
  expect(messagesOf({ script: "${{ 1 + }}" })).toEqual([expect.stringMatching(/^script: `1 \+`: /)]);
});

test("of unknown names ten are reported", () => {
  expect(messagesOf({ script: Array.from({ length: 20 }, (_, index) => `\${{ params.p${index} }}`).join("") })).toHaveLength(10);
});

test("a value arrives whole: escaped where Kubernetes expands the text, and as it is where it doesn't", () => {
  const text = "$(HOME) ${{ params.size }}";
  const step = { name: "a", image: text, script: text, command: [text], args: [text], env: [{ name: "A", value: text }] };
  const { templates, problems } = compileStep(step, scope);
  expect(problems).toEqual([]);
  const { image, script, command = [], args = [], env } = templates;
  const rendered = (template: Template | undefined) => template?.render({ params: new Map([["size", "$(TOKEN) $$"]]) }, new Meter());
  expect([image, script].map(rendered)).toEqual(["$(HOME) $(TOKEN) $$", "$(HOME) $(TOKEN) $$"]);
  expect([command[0], args[0], env[0]?.value].map(rendered)).toEqual([
    "$(HOME) $$(TOKEN) $$$$",
    "$(HOME) $$(TOKEN) $$$$",
    "$(HOME) $$(TOKEN) $$$$",
  ]);
});

function faultsOf(step: Partial<Step>): string[] {
  const known: Partial<Scope> = {
    params: new Map([
      ["n", int],
      ["xs", listOf(any)],
      ["ratio", { is: "double" }],
      ["on", { is: "bool" }],
    ]),
    reachable: () => true,
  };
  const { problems } = compileStep({ name: "a", image: "busybox", ...step }, { ...scope, ...known }, { isChecked: true });
  return problems.map(({ message }) => message.replace(/^`.*?`: /s, ""));
}

test.each<[source: string, fault: string]>([
  ['"1"', 'gives a text: it must give true or false, as in x == "true"'],
  ["params.n", "gives a whole number: it must give true or false, as in x != 0"],
  ['"a" + 1 == "a1"', "a text + a whole number can't be worked out: write string() around what is no text"],
  ["params.n + 1.0 > 2.0", "a whole number + a number with a point can't be worked out: write double() around the whole number"],
  ['params.n == "5"', "a whole number is compared with a text: they are never equal: write 5 without quotes"],
  ["params.n ? true : false", "what stands before ? is a whole number: it must be true or false, as in x != 0"],
  ["params.n.size() > 1", "a whole number has no size(): it is of bytes or a list or a text or a map"],
  ["size(params.n) > 1", "size() takes bytes, or a list, or a text, or a map, not a whole number"],
  ['steps.before.output.x == "1"', 'a step has no "output"; did you mean "outputs"?'],
  ['steps.beside.outputs.x == "1"', '"x" is asked of a list, which has no fields: take an entry, as in [0].x, or all, as in .map(x, x.x)'],
  ["steps.before.outputs.x > 3", "a text > a whole number can't be worked out: write int() around the text"],
  ["params.on && 1", "a side of && is a whole number: it must be true or false, as in x != 0"],
  ['params.xs["a"] == 1', "an entry of a list is named by a whole number, not by a text"],
  ["params.n.exists(x, x == 1)", "a whole number can't be gone through: it is no list"],
  ['"x".matches("(?=y)")', "the regular expression (?=y) can't be used: invalid or unsupported Perl syntax: `(?=`"],
])("in an if, %s can have no value: %s", (source, fault) => {
  expect(faultsOf({ if: source })).toEqual([fault]);
});

test.each([
  "params.xs.exists(x, x == 1) || steps.beside.outputs.exists(o, double(o.accuracy) > 0.95)",
  'has(steps.before.outputs.x) && int(steps.before.outputs["x"]) == params.n',
  "params.ratio > params.n && steps.beside.outputs.map(o, o.x).join(',') != ''",
  'steps.before.outputs.?x.orValue("") == "1"',
  "params.xs.all(i, x, i < 3) && params.xs[0].a.b == null",
  '{"a": 1, "b": "x"}.a == 1',
  '[1, "a", 2.5].size() == 3 && type(params.n) == int',
  "params.on == (params.n in params.xs)",
  'timestamp("2026-01-01T00:00:00Z") < timestamp("2027-01-01T00:00:00Z") + duration("1h")',
])("of %s nothing is known to be wrong", (source) => {
  expect(faultsOf({ if: source })).toEqual([]);
});

test("items are known by the list that is written, and by what gives them", () => {
  expect(faultsOf({ forEach: [1, 2], script: "${{ item.x }}" })).toEqual(['"x" is asked of a whole number, which has no fields']);
  expect(faultsOf({ forEach: [{ x: 1 }, { x: 2, y: 1 }], script: "${{ item.z }} ${{ item.y }}" })).toEqual([
    'item has no "z"; there is x, y',
  ]);
  expect(faultsOf({ forEach: [1, "a"], script: "${{ item.x }}" })).toEqual([]);
  expect(faultsOf({ forEach: "${{ steps.beside.outputs }}", script: "${{ item.x }} ${{ item + 1 }}" })).toEqual([
    "a map + a whole number can't be worked out",
  ]);
  expect(faultsOf({ forEach: "${{ lists.range(params.n) }}", script: "${{ item * 2.0 }}" })).toEqual([
    "a whole number * a number with a point can't be worked out: write double() around the whole number",
  ]);
  expect(faultsOf({ forEach: "${{ params.xs.map(x, string(x)) }}", script: "${{ item + 1 }}" })).toEqual([
    "a text + a whole number can't be worked out: write int() around the text to add them, or string() around the number to join them",
  ]);
  expect(faultsOf({ forEach: "${{ ['a', 'b'].filter(x, x != 'a') }}", script: "${{ item[1] }}" })).toEqual(["a text has no entries"]);
  expect(faultsOf({ forEach: "${{ params.n }}" })).toEqual(["gives a whole number: it must give a list"]);
});

test.each<[source: string, fault: string]>([
  ["lists.range(10001)", "gives 10001 items; at most 10000 are possible"],
  ["'a'", 'gives "a", which is not a list in JSON'],
  ["'{}'", "gives {}, not a list"],
])("as a list of items, ${{ %s }} %s", (source, fault) => {
  expect(faultsOf({ forEach: `\${{ ${source} }}` })).toEqual([fault]);
});

test.each<[source: string, fault: string]>([
  ["1.0 / 0.0", "the value is Infinity, for which JSON has no number: use string(), or a condition before it"],
  ["{1: 'a'}", "the map has the key 1, which is no text, and JSON has no others: write string() around it"],
  ["type(params.n)", "gives a type, which JSON doesn't have: compare it, as in type(x) == int"],
  ["duration('1h')", "gives a duration, which JSON doesn't have: write string() around it"],
])("${{ %s }} can be no part of a text: %s", (source, fault) => {
  expect(faultsOf({ script: `\${{ ${source} }}` })).toEqual([fault]);
});

test("a condition of which only a part stands in ${{ }} is told how to write it", () => {
  expect(faultsOf({ if: "${{ params.on }} && true" })).toEqual([
    "it is one expression: write it whole, without ${{ }} around a part, as in params.on && true",
  ]);
  const long = `"${"x".repeat(70)}" == "x"`;
  expect(messagesOf({ if: `\${{ params.on }} && ${long}` })).toEqual([
    `if: \`\${{ params.on }} && "${"x".repeat(38)}…\`: it is one expression: write it whole, without \${{ }} around a part, as in params.on && "${"x".repeat(45)}…`,
  ]);
  expect(faultsOf({ if: "${{ params.n }}" })).toEqual(["gives a whole number: it must give true or false, as in x != 0"]);
});

test("items in items are looked at once, however deep they are", () => {
  let item: Record<string, unknown> = { a: 1 };
  for (let depth = 0; depth < 60; depth += 1) item = { a: item };
  expect(faultsOf({ forEach: [item, item], script: "${{ item.a }}${{ item.b }}" })).toEqual([expect.stringContaining('item has no "b"')]);
});
