import { formatPath, type PipelineSpec, type Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { compile } from "./plan.ts";
import { cachedCompile } from "./plan-cache.ts";

const step = (name: string, more: Partial<Step> = {}): Step => ({ name, image: "busybox", command: ["true"], ...more });

function problems(pipeline: PipelineSpec, params: Record<string, unknown> = {}): string[] {
  const result = compile({ pipeline, params });
  return "problems" in result ? result.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`) : [];
}

test.each<[name: string, steps: Step[], problem: RegExp]>([
  [
    "a circle of needs is named in full",
    [step("a", { needs: ["c"] }), step("b", { needs: ["a"] }), step("c", { needs: ["b"] })],
    /^spec\.steps\[0\]\.needs: .* in a circle: a → c → b → a; take one/,
  ],
  [
    "an unknown need suggests the nearest name",
    [step("train"), step("b", { needs: ["trai"] })],
    /^spec\.steps\[1\]\.needs\[0\]: there is no step "trai"; did you mean "train"\?$/,
  ],
  ["a name that stands twice is refused", [step("a"), step("a")], /^spec\.steps\[1\]\.name: "a" is the name of spec\.steps\[0\] already/],
  ["a bad condition says where", [step("a", { if: "params.x >" })], /^spec\.steps\[0\]\.if: .*at character/],
  [
    "an unclosed expression is quoted",
    [step("a", { command: ["echo ${{ item"] })],
    /^spec\.steps\[0\]\.command\[0\]: `\$\{\{ item` has no closing \}\}/,
  ],
  [
    "an object without a namespace can't be made",
    [{ name: "a", manifest: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole" } }],
    /^spec\.steps\[0\]\.manifest\.kind: a ClusterRole belongs to no namespace, and what steps make to the run's/,
  ],
  ["an unknown variable says what there is", [step("a", { command: ["${{ parms.x }}"] })], /there is no "parms"; did you mean "params"\?/],
  ["an unknown parameter says what there is", [step("a", { command: ["${{ params.x }}"] })], /there is no parameter "x", nor any other/],
  ["item is refused outside a fan-out", [step("a", { command: ["${{ item }}"] })], /item is known only in .* with forEach/],
  [
    "item is refused in a condition",
    [step("a", { forEach: [1], if: "item > 1", command: ["true"] })],
    /^spec\.steps\[0\]\.if: .*item is known only/,
  ],
  [
    "a step that is not needed can't be named",
    [step("a"), step("b", { command: ["${{ steps.a.outputs.x }}"] })],
    /the step doesn't need "a", so that it may not have ended: add it to needs/,
  ],
  ["an unknown step can't be named", [step("a"), step("b", { needs: ["a"], if: 'steps["c"].phase == "Failed"' })], /there is no step "c"/],
  [
    "steps must be named one by one",
    [step("a"), step("b", { needs: ["a"], if: "steps.all(s, steps[s].phase == 'Succeeded')" })],
    /^spec\.steps\[1\]\.if: .*steps must be named one by one/,
  ],
  [
    "an unknown function suggests the nearest name",
    [step("a", { if: "sise(params) > 0" })],
    /^spec\.steps\[0\]\.if: `sise\(params\) > 0`: there is no function "sise"; did you mean "size"\?$/,
  ],
  [
    "an item that can't be held exactly is refused",
    [step("a", { forEach: [1, { seed: 2 ** 53 + 2 }] })],
    /^spec\.steps\[0\]\.forEach: an item holds 9007199254740994, a whole number beyond/,
  ],
  ["text is no list of items", [step("a", { forEach: "1, 2" })], /^spec\.steps\[0\]\.forEach: "1, 2" is not a list of items/],
])("%s", (_name, steps, problem) => {
  const found = problems({ steps });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(problem);
});

test("parameters that can't be used as they were written are refused", () => {
  const nested = (levels: number): unknown => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`) as unknown;
  const pipeline: PipelineSpec = {
    params: [
      { name: "a", type: "array" },
      { name: "b", type: "number" },
      { name: "c", type: "object" },
    ],
    steps: [step("s")],
  };
  expect(problems(pipeline, { a: nested(100), b: 1e17, c: { n: 1e300 } })).toEqual([]);
  expect(problems(pipeline, { a: nested(6_000), b: 1, c: { n: 1e17 } })).toEqual([
    expect.stringMatching(/^spec\.params\.a: is nested more than 100 levels deep/),
    expect.stringMatching(/^spec\.params\.c: holds 100000000000000000,/),
  ]);
});

test("parameters are checked against their types, all at once", () => {
  const pipeline: PipelineSpec = {
    params: [{ name: "a", type: "integer" }, { name: "b", type: "array", default: "x" }, { name: "c" }],
    steps: [step("s")],
  };
  expect(problems(pipeline, { a: 1.5, cc: "y" })).toEqual([
    "spec.params.a: is a number with a fraction, but must be a whole number",
    "spec.params[1].default: is a string, but must be a list",
    "spec.params.c: is missing: the pipeline has no default for it; give a string",
    "spec.params.cc: the pipeline has no such parameter; there is a, b, c",
  ]);
});

test("expressions may name what is needed through others, macros' own variables, and CEL's types", () => {
  const steps = [
    step("a", { forEach: [1] }),
    step("b", { needs: ["a"] }),
    step("c", { needs: ["b"], if: 'steps.a.outputs.exists(o, o.x == "1") && type(run.name) == string' }),
  ];
  expect(problems({ steps })).toEqual([]);
});

test("the steps of finally have names of their own, need each other alone, and may name every step", () => {
  const last = (more: Partial<Step>): string[] => problems({ steps: [step("a"), step("b")], finally: [step("tell"), step("z", more)] });
  expect(last({ needs: ["tell"], if: 'run.outcome == "Failed" && steps.b.phase == "Failed"' })).toEqual([]);
  expect(last({ needs: ["a"] })).toEqual([
    'spec.finally[1].needs[0]: "a" has ended before any step of finally starts: leave it out; expressions can name it all the same',
  ]);
  expect(problems({ steps: [step("a", { needs: ["tell"] })], finally: [step("tell")] })).toEqual([
    'spec.steps[0].needs[0]: "tell" is one of finally, which start when all others have ended: leave it out',
  ]);
  expect(problems({ steps: [step("a")], finally: [step("a")] })).toEqual([
    'spec.finally[0].name: "a" is the name of spec.steps[0] already: give each step its own',
  ]);
});

test("equal pipelines are compiled once, for as long as they are held", () => {
  const compiler = cachedCompile();
  const [one, other] = [compiler({ steps: [step("a")] }, ["spec"]), compiler({ steps: [step("a")] }, ["spec"])];
  expect(other).toBe(one);
  expect(compiler({ steps: [step("b")] }, ["spec"])).not.toBe(one);
});

test("a pipeline of 5,000 steps in one chain is checked without a stack overflow", () => {
  const steps = Array.from({ length: 5_000 }, (_, index) => step(`s${index}`, index === 0 ? {} : { needs: [`s${index - 1}`] }));
  expect(problems({ steps })).toEqual([]);
});

test("problems of a run's own pipeline name its fields there", () => {
  const result = compile({ pipeline: { steps: [step("a", { needs: ["b"] })] }, at: ["spec", "pipeline"] });
  expect("problems" in result && result.problems.map(({ path }) => formatPath(path))).toEqual(["spec.pipeline.steps[0].needs[0]"]);
});

test("a pipeline with thousands of mistakes is answered soon, with the first of them", () => {
  const script = "${{ params.nope }} ".repeat(3_000);
  const wrong = (index: number): Step => ({ name: `s${index}`, image: "busybox", script, needs: index === 0 ? [] : [`s${index - 1}`] });
  expect(problems({ steps: Array.from({ length: 200 }, (_, index) => wrong(index)) }).length).toBeLessThan(100);
  expect(
    problems({
      steps: Array.from({ length: 5_000 }, (_, index) =>
        step(`step-number-${index}`, { needs: Array.from({ length: 50 }, (_, need) => `step-nunber-${need}`) }),
      ),
    }).length,
  ).toBeLessThan(200);
});
