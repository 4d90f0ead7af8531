import { pipelineSpec, problemsIn, readDocuments } from "@plimsoll/api";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { podOf, stepOf } from "../../testing/pod-of.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../../docs/pipelines.md"), "utf8");
const examples = page
  .split(/^## /m)
  .filter((section) => /^(Where pods run|Secrets, volumes)/.test(section))
  .flatMap((section) => [...section.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = ""]) => text));

test.each(examples)("the page's example can be run:\n%s", (text) => {
  const { documents, problems } = readDocuments(text);
  expect(problems).toEqual([]);
  const spec = { steps: [stepOf()], ...Object(documents[0]?.value) };
  expect(problemsIn(pipelineSpec, spec)).toEqual([]);
  expect(podOf(pipelineSpec.parse(spec)).spec?.containers.map(({ name }) => name)).toContain("step");
});

test("the page has examples of pods", () => {
  expect(examples.length).toBeGreaterThan(5);
});
