import { readManifests } from "@plimsoll/api";
import { expect, test } from "vitest";
import { leftoversIn } from "./leftovers.ts";

const leftoversOf = (step: object): string[] => {
  const spec = { steps: [{ name: "a", ...step }] };
  const { manifests } = readManifests(
    JSON.stringify({ apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", metadata: { name: "a" }, spec }),
  );
  return manifests.flatMap(leftoversIn).map(({ path, message }) => `${path.join(".")} ${message}`);
};
const leftovers = (script: string): string[] => leftoversOf({ image: "b", script });

test.each([
  "{{item}}",
  "{{ item.name }}",
  "{{inputs.parameters.x}}",
  "{{workflow.name}}",
  "{{ params.s }}",
  "{{- steps.a.outputs.x }}",
  "{{ ds }}",
  "{{ dag_run.conf['x'] }}",
  "{{ ds | replace('-', '') }}",
  "{% if params.x %}",
  "{%- endfor -%}",
  "$(params.x)",
  "$(tasks.a.results.b)",
  "{{=item.x}}",
  "$(steps.a.results.b)",
  "${params.s}",
  "${steps.a.outputs.x}",
])("%s is an expression of another tool's", (text) => {
  expect(leftovers(`echo ${text}`)).toEqual([
    `spec.steps.0.script holds ${text}, which stays as it is: an expression is written as in \${{ params.name }}; where a program of the step's reads it, it is right so`,
  ]);
});

test("each that a text holds is told once, and no more than three", () => {
  const texts = leftovers("echo {{item}} {{item}} $(params.x) ${{ params.x }}");
  expect(texts.map((text) => text.split(" ")[2])).toEqual(["{{item}},", "$(params.x),"]);
  expect(leftovers("{{item.a}} {{item.b}} {{item.c}} {{item.d}}")).toHaveLength(3);
});

test("what a loop or a condition begins with is told, and not its end", () => {
  const texts = leftovers("{% for i in range(3) %}\necho {{ ds }}{% if i %}a{% else %}b{% endif %}\n{% endfor %}");
  expect(texts.map((text) => text.split(", ")[0])).toEqual([
    "spec.steps.0.script holds {% for i in range(3) %}",
    "spec.steps.0.script holds {{ ds }}",
    "spec.steps.0.script holds {% if i %}",
  ]);
});

test.each([
  "${{ item }}",
  "docker inspect -f '{{.Id}}'",
  "docker inspect -f '{{ if .Config }}{{ end }}'",
  "$(date)",
  "$(params)",
  "{{ user }}",
  "${params}",
  "${items[0]} ${item[@]} ${steps:-1} ${params%.*}",
  '{{ dsn }} {{ run-it }} {{ env "HOME" }}',
  "date +%{%H%}",
])("%s is none", (text) => {
  expect(leftovers(`echo ${text}`)).toEqual([]);
});

test.each(["#!/usr/bin/env node", "#!/usr/bin/groovy"])("in a script with %s, ${params.x} is the language's own", (first) => {
  expect(leftovers(`${first}\nconsole.log(\`\${params.x}\`)`)).toEqual([]);
});

test("commands, arguments, variables and items that are written out are looked at, too", () => {
  const found = leftoversOf({
    image: "b",
    command: ["{{ params.a }}"],
    args: ["${params.b}"],
    env: [{ name: "A", value: "{{ ds }}" }],
    forEach: ["{{item}}", { x: ["$(params.c)"] }, "${{ params.d }}", "plain"],
  });
  expect(found.map((text) => text.split(",", 1)[0])).toEqual([
    "spec.steps.0.command.0 holds {{ params.a }}",
    "spec.steps.0.args.0 holds ${params.b}",
    "spec.steps.0.env.0.value holds {{ ds }}",
    "spec.steps.0.forEach.0 holds {{item}}",
    "spec.steps.0.forEach.1.x.0 holds $(params.c)",
    "spec.steps.0.forEach.2 holds ${{ params.d }}",
  ]);
});

test("a parameter's value is no expression, in the pipeline as in a run", () => {
  const pipeline = {
    params: [
      { name: "p", default: "${{ run.name }}" },
      { name: "q", default: "$5" },
    ],
    steps: [{ name: "a", image: "b", script: "c" }],
  };
  const run = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { generateName: "a-" },
    spec: { pipeline, params: { q: "${{ 1 }}" } },
  };
  const found = readManifests(JSON.stringify(run)).manifests.flatMap(leftoversIn);
  expect(found.map(({ path, message }) => `${path.join(".")} ${message.split(",", 1)[0]}`)).toEqual([
    "spec.pipeline.params.0.default holds ${{ run.name }}",
    "spec.params.q holds ${{ 1 }}",
  ]);
});

test("an object that a step makes may be another tool's", () => {
  const data = { x: "{{item}}" };
  expect(leftoversOf({ manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "c-" }, data } })).toEqual([]);
});

test("a #! below a comment is told", () => {
  expect(leftovers("# a\n#!/bin/bash\n")).toEqual([expect.stringMatching(/^spec.steps.0.script has a #! in its line 2, below a comment/)]);
});
