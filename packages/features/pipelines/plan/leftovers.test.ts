import { readManifests } from "@plimsoll/api";
import { expect, test } from "vitest";
import { leftoversIn } from "./leftovers.ts";

const leftovers = (script: string): string[] => {
  const spec = { steps: [{ name: "a", image: "b", script }] };
  const { manifests } = readManifests(
    JSON.stringify({ apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", metadata: { name: "a" }, spec }),
  );
  return manifests.flatMap(leftoversIn).map(({ path, message }) => `${path.join(".")} ${message}`);
};

test.each(["{{item}}", "{{ item.name }}", "{{inputs.parameters.x}}", "{{workflow.name}}", "$(params.x)", "$(tasks.a.results.b)"])(
  "%s is an expression of another tool's",
  (text) => {
    expect(leftovers(`echo ${text}`)).toEqual([
      `spec.steps.0.script holds ${text}, which stays as it is: an expression is written as in \${{ params.name }}`,
    ]);
  },
);

test("each that a text holds is told once, and no more than three", () => {
  const texts = leftovers("echo {{item}} {{item}} $(params.x) ${{ params.x }}");
  expect(texts.map((text) => text.split(" ")[2])).toEqual(["{{item}},", "$(params.x),"]);
  expect(leftovers("{{item.a}} {{item.b}} {{item.c}} {{item.d}}")).toHaveLength(3);
});

test.each(["${{ item }}", "docker inspect -f '{{.Id}}'", "$(date)", "$(params)", "{{ user }}"])("%s is none", (text) => {
  expect(leftovers(`echo ${text}`)).toEqual([]);
});
