import { expect, test } from "vitest";
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
  ["1/0", "it always fails: int divide by zero"],
  ["[1][5]", "it always fails: there is no entry 5 in the list"],
  ["{'a':1}.b", 'it always fails: there is no "b"'],
  ["int('x')", 'it always fails: "x" is not a whole number'],
  ["timestamp('x')", 'it always fails: "x" is not a time'],
  ["Foo{}", "it always fails: unknown type: Foo"],
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
  ["'Running' != steps.a.phase", 'a step\'s phase is never "Running"; there is Succeeded, Failed, Cancelled, Skipped'],
  ["steps.a.phase in ['Failed', 'Canceled']", 'a step\'s phase is never "Canceled"; did you mean "Cancelled"?'],
  ["run.outcome == 'failed'", 'a run\'s outcome is never "failed"; did you mean "Failed"?'],
  ["params[0]", 'the pipeline\'s params have names, not places: write .name or ["name"], not a whole number'],
  ["steps.a.outputs[0]", 'outputs have names, not places: write .name or ["name"], not a whole number'],
  ["item.c", 'item has no "c": it is empty'],
  ["1 && 2", "a side of && is a whole number: it must be true or false"],
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

test.each(["duration('1h')", "b'a'", "timestamp(0)"])("%s as a value is refused with the way to write it", (source) => {
  expect(() => parseExpression(source).evaluate({}, new Meter())).toThrow("which JSON doesn't have: write string() around it");
});

test("a map whose keys are no texts is refused: JSON could not tell 1 from 1u", () => {
  expect(() => parseExpression("{1: 1, 1u: 2}").evaluate({}, new Meter())).toThrow("the map has the key 1, which is no text");
});
