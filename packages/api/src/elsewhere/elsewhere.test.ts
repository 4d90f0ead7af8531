import { expect, test } from "vitest";
import type { Kind } from "../schema/kind.ts";
import { pipelineRun } from "../kinds/pipeline-run.ts";
import { pipelineSchedule } from "../kinds/pipeline-schedule.ts";
import { pipeline } from "../kinds/pipeline.ts";
import { problemsIn } from "../problems/issues.ts";
import { told, unknown, type Place } from "./tools.cases.ts";

type Fields = Readonly<Record<string, unknown>>;

const one = { name: "a", image: "b" };
const specs: Record<Place, (more: Fields) => [Kind, Fields]> = {
  step: (more) => [pipeline, { steps: [{ ...one, ...more }] }],
  pipeline: (more) => [pipeline, { steps: [one], ...more }],
  manifest: (metadata) => [pipeline, { steps: [{ name: "a", manifest: { apiVersion: "batch/v1", kind: "Job", metadata } }] }],
  retry: (more) => [pipeline, { steps: [{ ...one, retry: { limit: 1, ...more } }] }],
  backoff: (more) => [pipeline, { steps: [{ ...one, retry: { limit: 1, backoff: more } }] }],
  pod: (more) => [pipeline, { steps: [{ ...one, pod: more }] }],
  resources: (more) => [pipeline, { steps: [{ ...one, resources: more }] }],
  variable: (more) => [pipeline, { steps: [{ ...one, env: [{ name: "A", value: "b", ...more }] }] }],
  param: (more) => [pipeline, { params: [{ name: "a", ...more }], steps: [one] }],
  workspace: (more) => [pipeline, { workspace: { size: "1Gi", ...more }, steps: [one] }],
  run: (more) => [pipelineRun, { pipelineRef: { name: "a" }, ...more }],
  schedule: (more) => [pipelineSchedule, { cron: ["@daily"], template: { spec: {} }, ...more }],
};

function saidOf(place: Place, field: string): string[] {
  const [kind, spec] = specs[place]({ [field]: "x" });
  const object = { apiVersion: "plimsoll.dev/v1alpha1", kind: kind.kind, metadata: { name: "a" }, spec };
  return kind.versions.flatMap(({ schema }) => problemsIn(schema, object)).map(({ message }) => message);
}

const each = (cases: typeof told) => cases.flatMap(([place, tool, fields]) => fields.split(" ").map((field) => ({ place, tool, field })));

test.each(each(told))("of $field in a $place, as $tool has it, it is told what to write", ({ place, field }) => {
  expect(saidOf(place, field)).toEqual([expect.stringMatching(/^there is no such field(; it is \S+ here$|: |; did you mean "\w+"\?$)/)]);
});

test.each(each(unknown))("of $field in a $place, as $tool has it, no far-fetched name is told", ({ place, field }) => {
  expect(saidOf(place, field)).toEqual([expect.stringMatching(/^there is no such field; there is /)]);
});

test.each<[Place, string, string]>([
  ["step", "depends_on", "; it is needs here"],
  ["step", "continue-on-error", "; it is continueOnFailure here"],
  ["step", "id", "; it is name here"],
  ["step", "nodeSelector", "; it is pod.nodeSelector here"],
  ["step", "retries", "; it is retry.limit here"],
  ["step", "onExit", "; it is spec.finally here"],
  ["step", "workingDir", ": give it in pod.patch, as in {spec: {containers: [{name: step, workingDir: …}]}}"],
  ["step", "hostNetwork", ": give it in pod.patch, as in {spec: {hostNetwork: …}}"],
  ["step", "image_pull_policy", '; did you mean "imagePullPolicy"?'],
  ["pod", "nodeName", ": give it in patch, as in {spec: {nodeName: …}}"],
  ["pod", "activeDeadlineSeconds", "; it is spec.steps[0].timeout here"],
  ["retry", "attempts", "; it is limit here"],
  ["variable", "secretKeyRef", "; it is valueFrom.secretKeyRef here"],
  ["pipeline", "image", "; it is steps[].image here"],
  ["pipeline", "cron", ": a PipelineSchedule says when a pipeline runs"],
  ["run", "steps", "; it is pipeline.steps here"],
  [
    "step",
    "trigger_rule",
    ': if sees how others have ended, as in steps.load.phase == "Failed", and what is in finally runs whatever the outcome',
  ],
  ["manifest", "name", ": Plimsoll names what it makes: take it out"],
  ["step", "constructor", "; there is name, needs, if, image, manifest, spark, succeeded, failed, outputs, keep, …"],
])("in a %s, of %s it is told: %s", (place, field, said) => {
  expect(saidOf(place, field)).toEqual([`there is no such field${said}`]);
});

test("where an object stands in another, what stands above is told with the whole path", () => {
  const [version] = pipeline.versions;
  const object = { apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", metadata: {}, spec: { steps: [{ ...one, ttl: {} }] } };
  expect(problemsIn(version.schema, object, ["items", 0])).toEqual([
    { path: ["items", 0, "spec", "steps", 0, "ttl"], message: "there is no such field; it is items[0].spec.ttl here" },
  ]);
});
