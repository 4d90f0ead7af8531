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
  "$(params.x)",
  "$(tasks.a.results.b)",
  "{{=item.x}}",
  "$(steps.a.results.b)",
])("%s is an expression of another tool's", (text) => {
  expect(leftovers(`echo ${text}`)).toEqual([
    `spec.steps.0.script holds ${text}, which stays as it is: an expression is written as in \${{ params.name }}`,
  ]);
});

test("each that a text holds is told once, and no more than three", () => {
  const texts = leftovers("echo {{item}} {{item}} $(params.x) ${{ params.x }}");
  expect(texts.map((text) => text.split(" ")[2])).toEqual(["{{item}},", "$(params.x),"]);
  expect(leftovers("{{item.a}} {{item.b}} {{item.c}} {{item.d}}")).toHaveLength(3);
});

test.each(["${{ item }}", "docker inspect -f '{{.Id}}'", "$(date)", "$(params)", "{{ user }}"])("%s is none", (text) => {
  expect(leftovers(`echo ${text}`)).toEqual([]);
});

test("all of a step is looked through, but for an object that it makes, which may be another tool's", () => {
  const found = leftoversOf({ image: "b", command: ["c"], forEach: ["{{item}}", { a: "$(params.x)" }] });
  expect(found.map((text) => text.split(" ")[0])).toEqual(["spec.steps.0.forEach.0", "spec.steps.0.forEach.1.a"]);
  const data = { x: "{{item}}" };
  expect(leftoversOf({ manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "c-" }, data } })).toEqual([]);
});

test("a #! below a comment is told", () => {
  expect(leftovers("# a\n#!/bin/bash\n")).toEqual([expect.stringMatching(/^spec.steps.0.script has a #! in its line 2, below a comment/)]);
});
