import type { Pipeline, PipelineRun, PipelineSpec } from "@plimsoll/api";
import { expect, test } from "vitest";
import { permissions } from "../permissions.ts";
import { rulesFor } from "./rules-for.ts";

const apiVersion = "plimsoll.dev/v1alpha1";
const step = { name: "say", image: "busybox" };
const run = (spec: PipelineRun["spec"]): PipelineRun => ({ apiVersion, kind: "PipelineRun", metadata: { generateName: "r-" }, spec });
const pipeline = (spec: PipelineSpec): Pipeline => ({ apiVersion, kind: "Pipeline", metadata: { name: "p" }, spec });
const resources = (...objects: Parameters<typeof rulesFor>[0]): string[] => [
  ...new Set(rulesFor(objects).flatMap((rule) => rule.resources)),
];

const always = ["pipelineruns", "pipelineruns/status", "pods", "poddisruptionbudgets"];

test("a run with its pipeline in it needs no more than runs and pods", () => {
  expect(resources(run({ pipeline: { steps: [{ ...step, script: "true" }] } }))).toEqual(always);
});

test("runs are deleted only where one has a time to live", () => {
  const deletes = (...objects: Parameters<typeof rulesFor>[0]): boolean =>
    rulesFor(objects).some(({ resources, verbs }) => resources.includes("pipelineruns") && verbs.includes("delete"));
  const steps = [{ ...step, script: "true" }];
  expect(deletes(run({ pipeline: { steps } }))).toBe(false);
  expect(deletes(run({ pipeline: { steps, ttl: { succeeded: "1h" } } }))).toBe(true);
  expect(deletes(run({ ttl: { failed: "1h" }, pipeline: { steps } }))).toBe(true);
});

test("a workspace needs a claim, and a Pipeline is read by its name", () => {
  const named = pipeline({
    params: [{ name: "n", type: "integer" }],
    workspace: { size: "1Gi" },
    steps: [{ ...step, command: ["seq", "${{ params.n }}"] }],
  });
  expect(resources(named).sort()).toEqual([...always, "pipelines", "persistentvolumeclaims"].sort());
  expect(resources(named, run({ pipelineRef: { name: "p" }, params: { n: 1 } })).sort()).toEqual(
    [...always, "pipelines", "persistentvolumeclaims"].sort(),
  );
});

test("a Pipeline's status is written where the resources of a step go by earlier tries", () => {
  const steps = [{ ...step, script: "true", resources: { auto: { max: { memory: "1Gi" } } } }];
  expect(resources(pipeline({ steps }))).toContain("pipelines/status");
  expect(resources(run({ pipeline: { steps } }))).toEqual(always);
});

test("a run of a Pipeline that isn't given may need everything", () => {
  expect(rulesFor([run({ pipelineRef: { name: "elsewhere" } })])).toEqual(permissions.rules);
  const [here, there] = [pipeline({ steps: [{ ...step, script: "true" }] }), run({ pipelineRef: { name: "p" } })];
  here.metadata.namespace = "here";
  there.metadata.namespace = "there";
  expect(rulesFor([here, there])).toEqual(permissions.rules);
});

test("a pipeline that is not valid is refused with the field", () => {
  expect(() => rulesFor([run({ pipeline: { steps: [{ ...step, needs: ["nothing"], script: "true" }] } })])).toThrow(
    'PipelineRun "r-": spec.pipeline.steps[0].needs[0]',
  );
});
