import type { Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { Meter } from "./meter.ts";
import type { Scope } from "./scope.ts";
import { compileStep } from "./step-templates.ts";
import type { Template } from "./template.ts";

const scope: Scope = {
  params: new Set(["size"]),
  steps: new Map([
    ["before", 0],
    ["beside", 1],
  ]),
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
  ["item", "`item`: item is known only in the script, command, args, env and image of a step with forEach"],
  ["parms.size", '`parms.size`: there is no "parms"; did you mean "params"?; a step whose name has a dash is written steps["its-name"]'],
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
    "forEach: `item`: item is known only in the script, command, args, env and image of a step with forEach",
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
