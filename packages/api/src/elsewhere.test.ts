import { expect, test } from "vitest";
import { elsewhere } from "./elsewhere.ts";
import { problemsIn } from "./problem.ts";
import { pipeline } from "./kinds/pipeline.ts";

test.each([
  ["depends_on", "needs"],
  ["dependsOn", "needs"],
  ["continueOn", "continueOnFailure"],
  ["continue-on-error", "continueOnFailure"],
  ["timeout-minutes", "timeout"],
  ["strategy", "forEach"],
  ["template", "image"],
  ["container", "image"],
  ["taskRef", "image"],
  ["uses", "image"],
  ["with", "env"],
  ["arguments", "env"],
  ["inputs", "env"],
  ["nodeSelector", "pod.nodeSelector"],
])("%s of a step is %s here", (theirs, ours) => {
  const spec = { steps: [{ name: "a", image: "b", [theirs]: [] }] };
  const object = { apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", metadata: { name: "a" }, spec };
  expect(problemsIn(pipeline.versions[0].schema, object)).toEqual([
    { path: ["spec", "steps", 0, theirs], message: `there is no such field; it is ${ours} here` },
  ]);
});

test("where several are meant, it is the one that is known there", () => {
  expect(elsewhere("inputs", ["params", "steps"])).toBe("; it is params here");
  expect(elsewhere("inputs", ["steps"])).toBeUndefined();
  expect(elsewhere("constructor", ["needs"])).toBeUndefined();
});
