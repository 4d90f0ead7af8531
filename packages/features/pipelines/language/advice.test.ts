import { expect, test } from "vitest";
import { messageOf } from "@plimsoll/kube/message";
import { toCel } from "./cel.ts";
import { functionNames } from "./environment.ts";
import { parseExpression } from "./expression.ts";
import { Meter } from "./meter.ts";
import { typesFor, unknownNames, type Scope } from "./scope.ts";
import { any, listOf, mapOf, string, typeOf } from "./syntax/types.ts";

const scope: Scope = {
  params: new Map([
    ["s", string],
    ["m", mapOf(any)],
    ["xs", listOf(any)],
  ]),
  steps: new Map([["a", undefined]]),
  isFanned: () => false,
  reachable: () => true,
  inFinally: true,
};

/** All that is told of an expression before it is evaluated. */
function told(source: string): string[] {
  try {
    const expression = parseExpression(source);
    return [
      ...Array.from(unknownNames(expression, scope, true), ({ message }) => message),
      ...expression.check(typesFor(expression, scope, typeOf({}))).faults,
    ];
  } catch (error) {
    return [String(error)];
  }
}

test.each([
  ["1/0", "it always fails: it divides by zero"],
  ["[1][5]", "it always fails: there is no entry 5"],
  ["{'a':1}.b", 'it always fails: there is no "b"'],
  ["int('x')", 'it always fails: "x" is not a whole number'],
  ["timestamp('x')", 'it always fails: "x" is not a time'],
  ["Foo{}", 'it always fails: there is no type "Foo"'],
  ["params.s == 'a' || 1/0 > 0", "it always fails"],
  ["params.xs.map(x, int('a'))", "it always fails"],
  ["[1, 2].map(x, x/0)", "it always fails"],
  ["optional.none().value()", "it always fails: the optional value isn't there"],
  ["'a'.matches('(')", "the regular expression ( can't be used"],
  ["[1].exists(x, x, true)", 'exists: both variables are called "x"'],
])("%s fails whatever it is evaluated with: %s", (source, message) => {
  expect(told(source)).toEqual([expect.stringContaining(message)]);
});

test.each([
  "params.s == '' ? 1 : 1/0",
  "true || 1/0 > 0",
  "[1][0]",
  "{1: 2}[1]",
  "params.m[0]",
  "type(params.s) == string",
  "lists.range(400000).map(x, lists.range(400000)).size() > 1",
  "[1, 2].exists(x, x in params.xs)",
  "params.?s.orValue('x') == string(1.0)",
  "(params.s == 'a' ? steps.a.phase : 'none') == 'none'",
  "steps.a.phase in ['Failed', 'Skipped'] || run.outcome != 'Cancelled'",
])("nothing is told of %s", (source) => {
  expect(told(source)).toEqual([]);
});

test.each([
  ["steps.a.phase == 'Suceeded'", 'a step\'s phase is never "Suceeded"; did you mean "Succeeded"?'],
  ["'Running' != steps.a.phase", 'a step\'s phase is never "Running"; there is Succeeded, Failed, Skipped, Cancelled'],
  ["steps.a.phase in ['Failed', 'Canceled']", 'a step\'s phase is never "Canceled"; did you mean "Cancelled"?'],
  ["run.outcome == 'failed'", 'a run\'s outcome is never "failed"; did you mean "Failed"?'],
  ["params[0]", 'the pipeline\'s params have names, not places: write .name or ["name"], not a whole number'],
  ["steps.a.outputs[0]", 'outputs have names, not places: write .name or ["name"], not a whole number'],
  ["item.c", 'item has no "c": it is empty'],
  ["1 && 2", "a side of && is a whole number: it must be true or false, as in x != 0"],
  ["1 in 1", "in asks whether a list has an entry, or a map a key: what stands behind it is a whole number"],
])("of %s it is told that %s", (source, message) => {
  expect(told(source)).toEqual([message]);
});

test.each([
  ["1 and 2", "CEL writes && for and"],
  ["1 or 2", "CEL writes || for or"],
  ["not params.s", "CEL writes ! for not"],
  ["not (params.s)", "CEL writes ! for not"],
  ["params.s ?? 'b'", "CEL has no ??: write x.?field.orValue(other)"],
  ["params.s?.b", "CEL writes x.?field for x?.field"],
  ["1 = 2", "CEL compares with =="],
  ["1 === 2", "CEL writes == for ==="],
  ["1 !== 2", "CEL writes != for !=="],
  ["params.s is null", "CEL writes == for is"],
  ["1 if params.s else 2", "CEL writes condition ? one : other"],
  ["params.s | upper", "CEL writes || for or, and calls a function for a filter"],
  ["{{ params.s }}", "a name stands without braces"],
  ["1 +", "what stands behind it is missing"],
  ["params.", "what stands behind it is missing"],
  ["$x", "a name stands without $"],
  ["// only a comment", "the expression is empty: write a value"],
  ["has(params)", "has() asks for a field by its name, as in has(params.data.name)"],
  ["[1].filter(i, x, true)", "filter() is written list.filter(x, condition)"],
  ["[1].map(x)", "map() is written list.map(x, value)"],
  ["always()", "a step of finally runs whatever the outcome"],
  ["success()", "a step runs when those that it needs have succeeded"],
  ["failure()", 'with if: run.outcome == "Failed"'],
  ["cancelled()", 'with if: run.outcome == "Cancelled"'],
  ["inputs.x", "params.NAME is a parameter"],
  ["parameters.x", "params.NAME is a parameter"],
  ["needs.a.outputs.x", "steps.STEP.outputs.NAME is an output"],
  ["tasks.a.results.x", "steps.STEP.outputs.NAME is an output"],
  ["env.X", "a script reads its variables itself"],
  ["github.sha", "run.name, run.namespace and run.uid are the run's"],
  ["secrets.X", "a secret reaches a step by env"],
  ["workflow.name", "run.name, run.namespace and run.uid are the run's"],
])("what another language writes as %s is told with what is written here: %s", (source, advice) => {
  expect(told(source)).toEqual([expect.stringContaining(advice)]);
});

test.each([
  ["steps.a.outputs.n > 5", "write int() around the text"],
  ["steps.a.outputs.n > 5.5", "write double() around the text"],
  ["steps.a.outputs.n == 5", 'they are never equal: write int() around the text, or "5" for 5'],
  ["steps.a.outputs.flag == true", 'they are never equal: compare it with a text, as in x == "true"'],
  ["!steps.a.outputs.flag", 'compare it, as in x != "true"'],
  ['"3" + 1', "write 3 without quotes, or string() around the number to join them"],
  ['"a" + 1', "write string() around what is no text"],
  ["params.s + 1", "write int() around the text to add them, or string() around the number to join them"],
  ["size(params.xs) == '3'", "write 3 without quotes"],
  ["1 < 2 < 3", "two comparisons are joined by &&, as in 1 < x && x < 3"],
  ["params.xs == 'a'", "x in list asks whether it has an entry"],
  ["params.xs.contains('a')", "a list has no contains(): x in list asks it"],
  ["'a' in params.s", "text.contains(part) asks whether a text has a part"],
  ["params.xs + 1", "write [ ] around the entry"],
  ["params.xs.length", "size(x) gives how long a text, list or map is"],
  ["int(true)", "int() doesn't take true or false: write x ? 1 : 0"],
  ["string(params.xs)", "${{ x }} in a text writes it as JSON by itself"],
  ["type(1) == 'int'", "names of types stand without quotes, as in type(x) == int"],
  ["timestamp('2026-01-01T00:00:00Z') - '1h'", "write duration() around the text"],
  ["'a'.split()", "split() of a text takes a text, or a text and a whole number, not nothing"],
  ["steps.a.outputs.a-b", 'a name with a dash stands in brackets, as in steps.a.outputs["a-b"]'],
  ["steps.a.outputs.1", 'what begins with a digit stands in brackets, as in outputs["1"]'],
  ["loop.index", '"loop" is a word that CEL keeps for itself (at character 1): item is the item of forEach, and itemIndex its place'],
  ["'a", "the ' at character 1 begins a text that isn't closed: write ' at its end"],
  ["params.s == 'it's'", "the ' at character 18 begins a text that isn't closed"],
  ["(params.s", "the ( at character 1 isn't closed: write ) behind what belongs to it"],
  ["[params.s)", "the ) at character 10 stands where ] must: it closes the [ at character 1"],
  ["params.s)", "the ) at character 9 closes nothing"],
  ["params.xs.map(x, x =~ 'a')", "(at character 20): CEL writes text.matches"],
  ["{'a': [1, 2 3]}", "found 3 but expecting"],
  ["params.s ? 1", "a choice is written condition ? one : other"],
  ["return params.s", "an expression is its value, without a word before it"],
  ["params.s == 'a' and true", "CEL writes && for and"],
  ["params.m.?orValue('a')", ".? stands before a field, not before the call orValue(): write x.?field.orValue(other), or .orValue(…)"],
  ["params.s.optMap(x, x)", "optMap and optFlatMap are called on what may not be there"],
  ["params.xs[?]", "what stands behind ? is missing"],
  ["1 -.?a", "what stands before .? is missing"],
  ["'a' params.s", "CEL puts texts together with +"],
  ["f'{params.s}'", "CEL puts texts together with +"],
])("of %s the remedy is told: %s", (source, remedy) => {
  expect(told(source).slice(0, 1)).toEqual([expect.stringContaining(remedy)]);
});

test("outside of finally no step's phase is Cancelled: once one is, only those of finally begin", () => {
  const expression = parseExpression("steps.a.phase == 'Cancelled'");
  const faults = (inFinally: boolean) => expression.check(typesFor(expression, { ...scope, inFinally })).faults;
  expect(faults(true)).toEqual([]);
  expect(faults(false)).toEqual(['a step\'s phase outside of finally is never "Cancelled"; there is Succeeded, Failed, Skipped']);
});

const operands =
  "1 1u 1.5 'a' b'a' true null [1] [] {'a':1} {} int duration('1h') timestamp(0) optional.of(1) params.s params.xs params.m".split(" ");
const operators = "+ - * / % < <= > >= == != && || in ? = & ; and [ .".split(" ");
const wrong = [
  ...operands.flatMap((a) => operators.flatMap((operator) => operands.map((b) => `${a} ${operator} ${b}`))),
  ...operands.flatMap((a) => [
    `-${a}`,
    `!${a}`,
    `${a}.x`,
    `${a}[0]`,
    `${a}['x']`,
    `${a}[null]`,
    `${a} ? 1 : 2`,
    `{${a}: 1}`,
    `(${a}`,
    `${a}}`,
  ]),
  ...operands.flatMap((a) =>
    [...functionNames].flatMap((name) => [`${name}(${a})`, `${name}(${a}, ${a})`, `${a}.${name}()`, `${a}.${name}(${a})`]),
  ),
  ...operands.flatMap((a) =>
    ["map", "filter", "all", "exists", "sortBy", "existsOne", "optMap", "optFlatMap"].map((macro) => `${a}.${macro}(x, x)`),
  ),
];

test("whatever is wrong, it is told in our words, before it is evaluated and then", () => {
  const values = toCel({ s: "x", xs: [1, "a"], m: { a: 1 } });
  const evaluated = (source: string): string[] => {
    try {
      parseExpression(source).evaluate({ params: values }, new Meter());
      return [];
    } catch (error) {
      return [messageOf(error)];
    }
  };
  const messages = wrong.flatMap((source) =>
    [...told(source), ...evaluated(source)].map((message) => message.replace(/^Error: /, "").replace(`\`${source}\`: `, "")),
  );
  expect(messages.length).toBeGreaterThan(5000);
  const raw =
    /overload|mismatch|out of bounds|out of range|unsupported|overflow|undefined|<input>|reserved|whitespace|Error:|google\.protobuf|@|_[[?+]/i;
  expect([...new Set(messages.filter((message) => raw.test(message)))]).toEqual([]);
});

test.each(["duration('1h')", "b'a'", "timestamp(0)"])("%s as a value is refused with the way to write it", (source) => {
  expect(() => parseExpression(source).evaluate({}, new Meter())).toThrow("which JSON doesn't have: write string() around it");
});

test("a map whose keys are no texts is refused: JSON could not tell 1 from 1u", () => {
  expect(() => parseExpression("{1: 1, 1u: 2}").evaluate({}, new Meter())).toThrow("the map has the key 1, which is no text");
});
