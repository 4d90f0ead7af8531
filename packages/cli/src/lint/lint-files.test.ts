import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { UsageError } from "../failure.ts";
import { lintCommand } from "./lint.ts";

let folder: string;

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "plimsoll-lint-"))));

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test("a folder in place of a file is told with what to give", async () => {
  const said = vi.spyOn(console, "error").mockReturnValue();
  await expect(lintCommand().parseAsync([folder], { from: "user" })).rejects.toThrow("1 problem");
  expect(said.mock.calls).toEqual([[`${folder}: is a folder: name its files, as in FOLDER/*.yaml`]]);
});

const head = "apiVersion: plimsoll.dev/v1alpha1\nkind: Pipeline\n";
const pipeline = (name: string, steps = "[{name: a, image: busybox}]"): string =>
  `${head}metadata: {name: ${name}}\nspec:\n  steps: ${steps}\n`;

/** What lint says of texts, each a file, by line. */
async function linted(...texts: string[]): Promise<{ said: string[]; end: string }> {
  return lintedAs("text", texts);
}

async function lintedAs(format: string, texts: readonly string[]): Promise<{ said: string[]; end: string }> {
  const files = texts.map((text, index) => {
    const file = join(folder, `${index}.yaml`);
    writeFileSync(file, text);
    return file;
  });
  const spies = [vi.spyOn(console, "error"), vi.spyOn(console, "log")].map((spy) => spy.mockReset().mockReturnValue());
  const end = await lintCommand()
    .parseAsync([...files, "-o", format], { from: "user" })
    .then(
      () => "",
      (error: unknown) => (error instanceof UsageError ? error.message : String(error)),
    );
  const said = spies.flatMap(({ mock }) => mock.calls.flat().map((line: unknown) => String(line).replaceAll(`${folder}/`, "")));
  return { said, end: end.replaceAll(`${folder}/`, "") };
}

test("what the schema and the expressions have wrong is told in the same go, by line", async () => {
  const { said } = await linted(
    pipeline(
      "p",
      `
  - {name: a, image: busybox, imag: b}
  - name: b
    image: busybox
    script: |
      #!/bin/sh
      echo one

      echo \${{ params.size }} \${{ 1 + }}
  - name: c
    image: busybox
    script: |
      echo {{item}}
      echo \${{ params.size }}
    resources: {limits: {gpu: 1}}
  - {name: d, image: busybox, script: 'echo \${{ steps.a.outputs.x }}', needs: [a], tiemout: 10m}`,
    ),
  );
  expect(said.map((line) => line.split(": ").slice(0, 2).join(": "))).toEqual([
    "0.yaml:6: spec.steps[0].imag",
    "0.yaml:13: spec.steps[1].script",
    "0.yaml:13: spec.steps[1].script",
    "0.yaml:18: spec.steps[2].script",
    "0.yaml:19: spec.steps[2].resources.limits.gpu",
    "0.yaml:20: spec.steps[3].tiemout",
    "0.yaml:17: spec.steps[2].script",
  ]);
});

test("two objects of one name in a file are a problem, in two files a note", async () => {
  expect(await linted(`${pipeline("p")}---\n${pipeline("p")}`)).toEqual({
    said: [
      '0.yaml:9: metadata.name: Pipeline "p" stands in line 3 already, and the one that is applied later replaces the other: give each a name of its own',
    ],
    end: "1 problem in 0.yaml",
  });
  expect((await linted(`${pipeline("p", "[{name: a, image: busybox, imag: x}]")}---\n${pipeline("p")}`)).said).toEqual([
    expect.stringContaining("0.yaml:5: spec.steps[0].imag"),
    expect.stringContaining('0.yaml:9: metadata.name: Pipeline "p" stands in line 3 already'),
  ]);
  expect((await linted(pipeline("p"), pipeline("q"), pipeline("p"))).said).toEqual([
    '2.yaml:3: metadata.name: note: Pipeline "p" stands in line 3 of 0.yaml, too: in one namespace the one that is applied later replaces the other',
    "0.yaml, 1.yaml, 2.yaml: no problems",
  ]);
});

test("of many files the last line tells how many", async () => {
  expect((await linted(...["a", "b", "c", "d"].map((name) => pipeline(name)))).said).toEqual(["4 files: no problems"]);
  expect((await linted(...["a", "b", "c", "d", "a--"].map((name) => pipeline(name)))).end).toBe("1 problem in 5 files");
});

test.each([
  ["{}", "metadata.name: is missing: give one, or a generateName with which names begin"],
  ["{name: a, generatename: b}", 'metadata.generatename: there is no such field; did you mean "generateName"?'],
  ["{generateName: A_}", 'metadata.generateName: is "A_": must be lower-case letters'],
  ['{name: a, namespace: "A B"}', `metadata.namespace: is "A B": must be a namespace's name`],
  ['{name: a, labels: {a: "b c"}}', `metadata.labels.a: is "b c": must be a label's value`],
  ['{name: a, labels: {"a b": c}}', `metadata.labels["a b"]: must be a label's key`],
  ['{name: a, annotations: {"x y": c}}', `metadata.annotations["x y"]: must be an annotation's key`],
])("of metadata %s is told", async (metadata, message) => {
  const { said } = await linted(`${head}metadata: ${metadata}\nspec:\n  steps: [{name: a, image: busybox}]\n`);
  expect(said).toEqual([expect.stringContaining(`0.yaml:3: ${message}`)]);
});

test.each([
  ["retry: {limit: 1, reasons: [64-10]}", "with the lower one first"],
  ["retry: {limit: 1, reasons: ['300']}", "an exit code of at most 255"],
  ["pod: {volumes: [{name: v, emptyDir: {medium: memory}}]}", 'emptyDir.medium: is "memory": must be Memory or HugePages'],
  ["pod: {initContainers: [{name: i, image: busy box}]}", 'image: "busy box" has a blank in it'],
  ["pod: {volumes: [{name: v, image: {reference: BAD}}]}", 'image.reference: "BAD" has capitals in its path'],
  ["pod: {patch: {spec: {containers: [{name: b, image: BAD}]}}}", 'image: "BAD" has capitals in its path'],
  ["timeout: '${{ params.x }}'", "timeout: holds ${{, but expressions aren't evaluated here"],
  ["parallelism: '${{ params.x }}', forEach: [1]", "parallelism: holds ${{, but expressions aren't evaluated here"],
  ["resources: {requests: {cpu: '${{ params.x }}'}}", "resources.requests.cpu: holds ${{, but expressions aren't evaluated here"],
  ["resources: {limits: {memory: 10Q}}", 'resources.limits.memory: is "10Q": must be a quantity'],
  ["imagePullPolicy: always", "must be Always, IfNotPresent or Never"],
  ["needs: ['']", "needs[0]: is empty"],
  ["timeout: '5'", 'timeout: is "5": must be a duration'],
  ["resources: {limits: {example.com/: 10m}}", "there is no such resource"],
  ["retry: {limit: 1, reasons: [-1]}", "retry.reasons[0]: is -1: must be an exit code of at most 255"],
  [`volumeMounts: [{name: ${"v".repeat(64)}, mountPath: /v}]`, "volumeMounts[0].name: has 64 characters: must have at most 63"],
  ["pod: {volumes: [{name: v, emptyDir: {}, optional: true}]}", "volumes[0].optional: there is no such kind of volume"],
])("of a step with %s is told once", async (field, message) => {
  const { said } = await linted(pipeline("p", `[{name: a, image: busybox, ${field}}]`));
  expect(said).toEqual([expect.stringContaining(message)]);
});

const runOf = (kind: string, spec: string): string =>
  `apiVersion: plimsoll.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: r}\nspec:\n  ${spec}\n`;

test.each([
  [runOf("PipelineRun", "{pipelineRef: {name: p}, manifestKinds: [v1 Pod, v1 Pod]}"), 'spec.manifestKinds[1]: "v1 Pod" is entry 0 already'],
  [runOf("Drain", "{nodes: [a, a]}"), 'spec.nodes[1]: "a" is entry 0 already'],
  [
    runOf("WorkloadSet", "{source: {configMap: {name: a, resources: [pods, pods]}}}"),
    'spec.source.configMap.resources[1]: "pods" is entry 0 already',
  ],
  [runOf("WorkloadSet", "{manifests: []}").replace("name: r", 'name: "a b"'), 'metadata.name: is "a b"'],
  [runOf("RightSizingPolicy", "{}").replace("name: r", "name: a_b"), 'metadata.name: is "a_b"'],
  [
    runOf("PipelineRun", "{pipelineRef: {name: p}}").replace("name: r", "generateName: a.b-"),
    'metadata.generateName: is "a.b-": a run\'s name must be lower-case letters and digits',
  ],
  [runOf("PipelineRun", "{pipelineRef: {name: p}}").replace("name: r", "name: a.b"), 'metadata.name: is "a.b": a run\'s name'],
])("what the API server refuses of names and sets is told once: %s", async (text, message) => {
  const { said } = await linted(text);
  expect(said.filter((line) => line.includes(message.split(":")[0] ?? ""))).toEqual([expect.stringContaining(message)]);
});

test("each expression of a text is told of, whatever is wrong with those before it", async () => {
  const script = ["${{ 1 + }}", "${{ params.y }}", "${{ foo( }}", "${{ bar() }}", "${{ params.size", "${{ params.z }}"];
  const { said } = await linted(pipeline("p", `\n  - name: a\n    image: busybox\n    script: |\n      ${script.join("\n      ")}`));
  expect(said.map((line) => line.slice(0, 50))).toEqual([
    expect.stringContaining("0.yaml:9: spec.steps[0].script: `1 +`"),
    expect.stringContaining("0.yaml:10: spec.steps[0].script: `params.y`"),
    expect.stringContaining("0.yaml:11: spec.steps[0].script: `foo(`"),
    expect.stringContaining("0.yaml:12: spec.steps[0].script: `bar()`"),
    expect.stringContaining("0.yaml:13: spec.steps[0].script: `${{ params.size"),
  ]);
});

test("what the API server has no room for is told", async () => {
  const steps = Array.from({ length: 16 }, (_, index) => ({ name: `s${index}`, image: "busybox", script: "#".repeat(100_000) }));
  expect((await linted(pipeline("p", JSON.stringify(steps)))).said).toEqual([
    "0.yaml:1: the Pipeline takes 1.53 MiB, with six bytes for each <, > and &, and the API server keeps no object of more than 1.5: put scripts into images, and items into forEach",
  ]);
});

test.each([
  [250_000, "no problems"],
  [270_000, "note: kubectl apply can't make the Pipeline, of which it keeps a copy in an annotation of at most 256 KiB"],
])("of a script of %i characters it is told: %s", async (length, message) => {
  const scripts = [0, 1, 2].map((index) => ({ name: `s${index}`, image: "busybox", script: "#".repeat(length / 3) }));
  expect((await linted(pipeline("p", JSON.stringify(scripts)))).said[0]).toContain(message);
});

test("in JSON each has its sort, a note too", async () => {
  const { said } = await lintedAs("json", [
    pipeline("p", "[{name: a, image: busybox, script: 'echo {{item}}', imag: b}, {name: b, image: busybox, script: 'echo {{item}}'}]"),
  ]);
  expect(JSON.parse(said[0] ?? "")).toMatchObject([
    { rule: "field", line: 5 },
    { rule: "expression", severity: "note", line: 5, field: "spec.steps[0].script" },
    { rule: "expression", severity: "note", line: 5, field: "spec.steps[1].script" },
  ]);
});

test.each([
  ["a run", (params: string) => runOf("PipelineRun", `{pipelineRef: {name: p}, params: ${params}}`), "spec.params"],
  [
    "a schedule",
    (params: string) => runOf("PipelineSchedule", `{cron: ["0 1 * * *"], template: {spec: {pipelineRef: {name: p}, params: ${params}}}}`),
    "spec.template.spec.params",
  ],
])("the params of %s are held to the Pipeline that it names, in whichever file that is", async (_, of, at) => {
  const declared = (more: string): string =>
    pipeline("p", `[{name: a, image: busybox${more}}]`).replace(
      "spec:",
      "spec:\n  params: [{name: day}, {name: count, type: integer}, {name: size, default: x}]",
    );
  for (const more of ["", ", imag: x"]) {
    const { said } = await linted(of('{dayy: "${{ 1 }}", count: three}'), declared(more));
    expect(said.filter((line) => line.startsWith("0.") && !line.includes(": note: "))).toEqual([
      `0.yaml:5: ${at}.day: is missing: the pipeline has no default for it; give a string`,
      `0.yaml:5: ${at}.count: is a string, but must be a whole number`,
      `0.yaml:5: ${at}.dayy: the pipeline has no such parameter; did you mean "day"?`,
    ]);
  }
  expect((await linted(of("{dya: x}"), pipeline("q"))).end).toBe("");
  // Which of two is meant isn't known.
  expect((await linted(of("{dya: x}"), declared(""), declared("").replace("day", "dya"))).end).toBe("");
  expect((await linted(`${of("{day: x, count: 1}")}---\n${declared("")}`)).end).toBe("");
});

test("of a schedule with a pipeline in it all is told at once, whatever else is wrong", async () => {
  const step = "{name: a, imag: busybox, env: [{name: A, value: '${{ params.z }}'}]}";
  const limited = "{name: b, image: b, resources: {requests: {cpu: 2}, limits: {cpu: 1}}}";
  const of = (timing: string, param: string): string =>
    runOf(
      "PipelineSchedule",
      `{${timing}, template: {spec: {params: {x: '${param}'}, pipeline: {params: [{name: x}, {name: y}], steps: [${step}, ${limited}, {name: c, spark: {type: P}}]}}}}`,
    );
  const inPipeline = [
    'pipeline.steps[0].imag: there is no such field; did you mean "image"?',
    'pipeline.steps[0].env[0].value: `params.z`: there is no parameter "z"',
    "pipeline.steps[1].resources.requests.cpu: is 2, and its limit 1",
    'pipeline.steps[2].spark.type: is "P"',
  ];
  for (const [timing, param, ...more] of [
    ["interval: 1h", "a", "params.y: is missing"],
    ["interval: 1h", "${{ schedul.time }}", 'params.x: there is no "schedul"'],
    ['cron: ["61 * * * *"]', "a", "cron[0]:", "params.y: is missing"],
    ["intervall: 1h", "a", 'intervall: there is no such field; did you mean "interval"?', "params.y: is missing"],
  ] as const) {
    const { said } = await linted(of(timing, param));
    for (const message of [...inPipeline, ...more]) expect(said.filter((line) => line.includes(message))).toHaveLength(1);
  }
});

test("values that may be secret don't stand in messages", async () => {
  const { said } = await linted(
    pipeline(
      "p",
      `
  - name: a
    image: busybox
    env: [{name: A, value: 5551234}, {name: B, value: {key: 5551234}}, {name: C, value: "x \${{ 1 } 5551234"}, {name: D, value: 05551234}, {name: E, value: 5_551_234}]
    script: |
      echo \${{ params.size
      export KEY=5551234
  - {name: b, image: busybox, env: {KEY: 5551234}}
  params: [{name: size, type: integer, default: "5551234"}]`,
    ),
    runOf("PipelineRun", "{params: {size: [5551234]}, pipeline: {params: [{name: size}], steps: [{name: a, image: busybox}]}}"),
  );
  expect(said.length).toBe(10);
  expect(said.join("\n")).not.toMatch(/5551234|5_551_234|1495708/);
  expect(said).toContain(
    "0.yaml:8: spec.steps[0].env[4].value: is a string in YAML 1.2, and another to kubectl and Helm, which read YAML 1.1: put it in quotes",
  );
  expect(said.find((line) => line.includes("script"))).toBe("0.yaml:10: spec.steps[0].script: `${{ params.size` has no closing }}");
});

test("what a spark step says is held to what a SparkApplication is", async () => {
  const spark = (more: string): string =>
    `{sparkVersion: 4.0.0, image: "\${{ params.image }}", mainApplicationFile: local:///a.py, driver: {}, ${more}}`;
  const of = (more: string): string => pipeline("p", `[{name: a, spark: ${spark(more)}}]\n  params: [{name: image, default: a}]`);
  expect((await linted(of('type: Python, executor: {instances: "${{ 1 + 1 }}"}'))).end).toBe("");
  expect((await linted(of("type: Pyton, executor: {instances: many, cors: 1}"))).said).toEqual([
    '0.yaml:5: spec.steps[0].spark.type: is "Pyton": must be Java, Scala, Python or R',
    '0.yaml:5: spec.steps[0].spark.executor.instances: is "many": must be a whole number',
    expect.stringContaining("0.yaml:5: spec.steps[0].spark.executor.cors: there is no such field"),
  ]);
  const ofPods = (operator: string, name: string, image: string): string =>
    `type: Python, executor: {tolerations: [{key: a, operator: "${operator}"}], sidecars: [{name: "${name}", image: "${image}"}]}`;
  expect((await linted(of(ofPods("Is", "b", "BAD")))).said).toEqual([
    expect.stringContaining('0.yaml:5: spec.steps[0].spark.executor.sidecars[0].image: "BAD" has capitals'),
    expect.stringContaining('0.yaml:5: spec.steps[0].spark.executor.tolerations[0].operator: is "Is": must be'),
  ]);
  const given = "${{ params.image }}";
  expect((await linted(of(ofPods(given, given, given)))).end).toBe("");
  expect((await linted(of(`type: Python, executor: {tolerations: ["${given}"], sidecars: ["${given}"]}`))).end).toBe("");
  expect((await linted(of(`type: Python, executor: {sidecars: [{name: b, image: c, env: ["${given}"]}]}`))).end).toBe("");
});

test("pods of what steps and sets make are held to what the API server takes", async () => {
  const job = "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: {spec: {containers: [{name: a, image: BAD}]}}}}";
  const set = `apiVersion: plimsoll.dev/v1alpha1\nkind: WorkloadSet\nmetadata: {name: s}\nspec:\n  manifests:\n  - ${job}\n`;
  const fields = (place: string, said: readonly string[]): string[] =>
    said.filter((line) => line.includes(place)).map((line) => line.split(": ")[1]?.split(place)[1] ?? "");
  const wrong = [".spec.template.spec.containers[0].image", ".spec.template.spec.restartPolicy"];
  expect(fields("spec.manifests[0]", (await linted(set)).said).sort()).toEqual(wrong);
  const { said } = await linted(pipeline("p", `[{name: a, manifest: ${job.replace("metadata: {name: j}, ", "")}}]`));
  expect(fields("spec.steps[0].manifest", said).sort()).toEqual(wrong);
});
