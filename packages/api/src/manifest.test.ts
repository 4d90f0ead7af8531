import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { readManifests } from "./manifest.ts";
import { formatPath } from "./problems/path.ts";

function problemsOf(text: string): string[] {
  return readManifests(text).problems.map(({ line, path, message }) => `${line}: ${formatPath(path)}: ${message}`);
}

const head = "apiVersion: plimsoll.dev/v1alpha1\nkind: PipelineRun\nmetadata: {generateName: r-}\n";

test.each(["hello.yaml", "digits/pipeline.yaml", "training-pod.yaml"])("the example %s is read without a problem", (file) => {
  const { manifests, problems } = readManifests(readFileSync(join(import.meta.dirname, "../../../examples", file), "utf8"));
  expect(problems).toEqual([]);
  expect(manifests).toHaveLength(1);
});

test("each problem names its line, its field, what is wrong and the way out", () => {
  const text = `${head}spec:
  timeout: 10 min
  pipeline:
    params:
    - {name: 1a, type: int}
    workspace: {}
    steps:
    - name: Train
      imag: busybox
      command: echo
    - name: b
      image: busybox
      env: [{name: A, value: 1}]
      script: ""
      forEach: 5
      retry: 3
      parallelism: 0
      resources: {requests: {cpu: lots}}
    - {name: c, image: busybox, script: x, command: [x]}
    - {name: d, manifest: {apiVersion: batch/v1, kind: Job}, outputs: {a-b: object.x}}
`;
  expect(problemsOf(text)).toEqual([
    '5: spec.timeout: is "10 min": must be a duration of hours, minutes and seconds, as in 1h30m, 10m or 45s, and longer than none; for no limit, leave the field out',
    '8: spec.pipeline.params[0].name: is "1a": must be letters, digits and underscores, and not begin with a digit',
    '8: spec.pipeline.params[0].type: is "int": must be string, integer, number, boolean, array or object',
    "9: spec.pipeline.workspace.size: is missing: must be a quantity, as in 500m or 1Gi",
    '11: spec.pipeline.steps[0].name: is "Train": must be lower-case letters and digits, with single dashes between them',
    '12: spec.pipeline.steps[0].imag: there is no such field; did you mean "image"?',
    '13: spec.pipeline.steps[0].command: is "echo": must be a list, as in [sh, -c, date]; a text of several words is a script',
    "16: spec.pipeline.steps[1].env[0].value: is a whole number: must be a string: put it in quotes",
    "17: spec.pipeline.steps[1].script: is empty: must have at least 1 character",
    "18: spec.pipeline.steps[1].forEach: is 5: must be a list of at most 10,000 items, or one ${{ }} expression, as in [a, b] or ${{ params.names }}",
    "19: spec.pipeline.steps[1].retry: is 3: must be a map, as in {limit: 3}",
    "20: spec.pipeline.steps[1].parallelism: is 0: must be at least 1",
    '21: spec.pipeline.steps[1].resources.requests.cpu: is "lots": must be a quantity, as in 500m or 1Gi',
    "22: spec.pipeline.steps[2]: give script or command, not both: take one of them out",
    '23: spec.pipeline.steps[3].outputs.a-b: the name "a-b" must be letters, digits and underscores, and not begin with a digit',
  ]);
});

test("the items of a List are read, each with its lines", () => {
  const run = "{apiVersion: plimsoll.dev/v1alpha1, kind: PipelineRun, metadata: {name: a}, spec: {pipelineRef: {name: b}}}";
  const { manifests, problems } = readManifests(`kind: List\nitems:\n- ${run}\n- ${run.replace("name: b", "nam: b")}\n`);
  expect(manifests.map(({ object, lineOf }) => [object.metadata.name, lineOf(["spec"])])).toEqual([["a", 3]]);
  expect(problems.map(({ path, line }) => [formatPath(path), line])).toEqual([["spec.pipelineRef.nam", 4]]);
});

test.each([
  ["a run without a pipeline", `${head}spec: {}\n`, "4: spec: give either pipeline or pipelineRef"],
  [
    "a step that needs itself",
    `${head}spec:\n  pipeline:\n    steps:\n    - {name: a, image: b, needs: [a]}\n`,
    "7: spec.pipeline.steps[0]: a step can't need itself: take its name out of needs",
  ],
  [
    "a run's name that would divide wrongly",
    head.replace("generateName: r-", "name: a--b") + "spec: {pipelineRef: {name: x}}\n",
    `3: metadata.name: is "a--b": a run's name must be lower-case letters and digits, with single dashes between them`,
  ],
  [
    "another kind",
    "apiVersion: plimsoll.dev/v1alpha1\nkind: Pipelin\n",
    '2: kind: is "Pipelin": must be Pipeline, PipelineRun, PipelineSchedule, Backfill, WorkloadSet, RightSizingPolicy or Drain',
  ],
  [
    "a kind that is no text",
    "apiVersion: plimsoll.dev/v1alpha1\nkind: {toString: 0}\n",
    '2: kind: is {"toString":0}: must be Pipeline, PipelineRun, PipelineSchedule, Backfill, WorkloadSet, RightSizingPolicy or Drain',
  ],
  [
    "a kind as objects' own methods are named",
    "apiVersion: plimsoll.dev/v1alpha1\nkind: constructor\n",
    '2: kind: is "constructor": must be Pipeline, PipelineRun, PipelineSchedule, Backfill, WorkloadSet, RightSizingPolicy or Drain',
  ],
  ["another group", "apiVersion: v1\nkind: Pod\n", '1: apiVersion: is "v1": must be plimsoll.dev/v1alpha1'],
  ["no group", "kind: Pipeline\n", "1: apiVersion: is missing: must be plimsoll.dev/v1alpha1"],
  [
    "a list",
    "- 1\n",
    "1: : not an object: give a Pipeline, a PipelineRun, a PipelineSchedule, a Backfill, a WorkloadSet, a RightSizingPolicy or a Drain",
  ],
  [
    "text that is not YAML",
    "a: [\n",
    "2: : not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]; what stands in [ ] or { } is closed, and indented more than the key before it",
  ],
  ["an alias to nothing", "a: *b\n", "1: : not YAML: *b stands for nothing: put &b before what it should stand for, or quotes around *b"],
])("%s is refused", (_name, text, problem) => {
  expect(problemsOf(text)).toEqual([problem]);
});

test("aliases that multiply are refused before they fill the memory", () => {
  const lines = Array.from(
    { length: 20 },
    (_, level) => `l${level + 1}: &l${level + 1} [${Array.from({ length: 10 }, () => `*l${level}`).join(", ")}]`,
  );
  expect(problemsOf(`l0: &l0 x\n${lines.join("\n")}\n`)).toEqual([
    "2: : not YAML that can be read: aliases stand for more than kubectl takes: write out what is meant",
  ]);
});

test("a problem in one document doesn't hide the others", () => {
  const { manifests, problems } = readManifests(`kind: Pod\n---\n${head}spec: {pipelineRef: {name: x}}\n---\n`);
  expect(problems).toHaveLength(1);
  expect(manifests.map(({ object }) => object.kind)).toEqual(["PipelineRun"]);
});

test("a field's line is found in what was read, or the line of what encloses it", () => {
  const [manifest] = readManifests(`${head}spec:\n  pipeline:\n    steps:\n    - name: a\n      image: b\n`).manifests;
  expect([
    manifest?.lineOf(["spec", "pipeline", "steps", 0, "image"]),
    manifest?.lineOf(["spec", "pipeline", "steps", 0, "needs", 3]),
  ]).toEqual([8, 7]);
});

test("whatever stands where, a text is read or refused", () => {
  const junk = fc.oneof(
    fc.constantFrom<unknown>(null, 3, "x", "", "constructor", [], {}, [null], { constructor: 1 }, { toString: 0 }),
    fc.jsonValue(),
  );
  const step = { name: "a", image: "b", command: ["c"] };
  const fields = fc.constantFrom(
    "apiVersion",
    "kind",
    "metadata",
    "spec",
    "steps",
    "params",
    "name",
    "image",
    "command",
    "needs",
    "if",
    "forEach",
    "resources",
    "env",
    "retry",
    "timeout",
    "constructor",
    "toString",
  );
  fc.assert(
    fc.property(fields, junk, fc.nat(2), (field, value, depth) => {
      const at = (level: number) => (level === depth ? { [field]: value } : {});
      const object = {
        apiVersion: "plimsoll.dev/v1alpha1",
        kind: "Pipeline",
        metadata: { name: "p" },
        spec: { steps: [{ ...step, ...at(2) }], ...at(1) },
        ...at(0),
      };
      const { manifests, problems } = readManifests(stringify(object));
      expect(manifests.length + problems.length).toBeGreaterThan(0);
      for (const { message } of problems) expect(message).toMatch(/./);
    }),
    { numRuns: 300 },
  );
});

test("objects of others beside a Pipeline are left out, and alone are told", () => {
  const others = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
  const own = "apiVersion: plimsoll.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: a}\nspec: {steps: [{name: a, image: b}]}\n";
  expect(readManifests(`${others}---\n${own}`)).toMatchObject({ manifests: [{ object: { kind: "Pipeline" } }], problems: [] });
  expect(readManifests(others).problems).toMatchObject([{ path: ["apiVersion"], line: 1 }]);
  expect(readManifests(own.replace("plimsoll.dev", "plimsol.dev")).problems).toHaveLength(1);
});

test("a field that is null isn't given, but in what is the user's own", () => {
  const text =
    "apiVersion: plimsoll.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: a}\nspec: {pod: , steps: [{name: a, image: b, env: , forEach: [null, {x: null}]}]}\n";
  const { manifests, problems } = readManifests(text);
  expect(problems).toEqual([]);
  expect(manifests[0]?.object.spec).toEqual({ steps: [{ name: "a", image: "b", forEach: [null, { x: null }] }] });
});

test("where steps are wrong, the rest is a part of which more can be told, without what follows from them", () => {
  const { manifests, parts, problems } = readManifests(`apiVersion: plimsoll.dev/v1alpha1
kind: Pipeline
metadata: {name: p}
spec:
  timeout: soon
  steps:
  - {name: a, image: b, imag: c, forEach: [1]}
  - {name: b, image: b, needs: [a], parallelism: 2}
  - {name: c, image: b, volumeMounts: [{name: x, mountPath: /x}]}
  - {name: d, image: b, needs: [a]}
`);
  expect(manifests).toEqual([]);
  expect(problems.map(({ line, path }) => `${line}: ${formatPath(path)}`)).toEqual([
    "5: spec.timeout",
    "7: spec.steps[0].imag",
    "8: spec.steps[1]",
    "9: spec.steps[2].volumeMounts[0].name",
  ]);
  const [part] = parts;
  expect(part?.object.spec).toMatchObject({
    steps: [{ name: "a", forEach: [1] }, { name: "b", needs: ["a"] }, { name: "c" }, { name: "d", needs: ["a"] }],
  });
  const found = [["image"], ["imag"], ["volumeMounts", 0, "name"]].flatMap((place) =>
    [0, 2].map((index) => ({ path: ["spec", "steps", index, ...place], message: "" })),
  );
  expect(part?.theirs(found).map(({ path }) => formatPath(path))).toEqual([
    "spec.steps[0].image",
    "spec.steps[2].image",
    "spec.steps[2].imag",
    "spec.steps[0].volumeMounts[0].name",
  ]);
});

test.each([
  ["a field with two problems", `timeout: ${"x".repeat(31)}`],
  ["a map in which one field is missing and another wrong", "retry: {backoff: soon}"],
  ["an entry with two problems", "env: [{value: 1}]"],
])("a step with %s is a part but for these", (_, field) => {
  const { problems, parts } = readManifests(`apiVersion: plimsoll.dev/v1alpha1
kind: Pipeline
metadata: {name: p}
spec:
  steps:
  - {name: a, image: b, script: x, ${field}}
`);
  expect(problems).not.toEqual([]);
  expect(parts[0]?.object.spec).toMatchObject({ steps: [{ name: "a", image: "b", script: "x" }] });
});

test("what is taken out of a list doesn't move the others", () => {
  const { parts } = readManifests(`apiVersion: plimsoll.dev/v1alpha1
kind: Pipeline
metadata: {name: p}
spec:
  steps:
  - name: a
    image: b
    env:
    - A=a
    - {name: B, value: b}
    - C=c
    - {name: D, value: d}
`);
  const [part] = parts;
  expect(part?.object.spec).toEqual({
    steps: [
      {
        name: "a",
        image: "b",
        env: [
          { name: "B", value: "b" },
          { name: "D", value: "d" },
        ],
      },
    ],
  });
  const path = ["spec", "steps", 0, "env", 1, "value"];
  expect(part?.lineOf(path)).toBe(12);
  expect(part?.theirs([{ path, message: "" }]).map(({ path }) => formatPath(path))).toEqual(["spec.steps[0].env[3].value"]);
});

test("where the spec is none, no more can be told", () => {
  const { parts } = readManifests("apiVersion: plimsoll.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: p}\nspec: [steps]\n");
  expect(parts).toEqual([]);
});
