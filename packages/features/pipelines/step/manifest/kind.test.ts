import type { Step } from "@plimsoll/api";
import { describe, expect, test } from "vitest";
import { Meter } from "../../language/meter.ts";
import { compile } from "../../plan/plan.ts";
import type { TryView } from "../kind.ts";
import { casesOf } from "../kind.cases.ts";
import { nameOf } from "../kinds.ts";
import { manifestKind } from "./kind.ts";
import type { ManifestSource } from "./object.ts";
import type { StepObject } from "./stored.ts";

type Given = Omit<Step, "name">;

const job: Given = { manifest: { apiVersion: "batch/v1", kind: "Job", spec: { parallelism: "${{ 1 + 1 }}", template: {} } } };

function sourceOf(given: Given, name = "run--s--1", number = 1): ManifestSource {
  const result = compile({ pipeline: { steps: [{ name: "s", ...given }] } });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  const [step] = result.plan.steps;
  if (step === undefined) throw new Error("the plan has no step");
  const run = { namespace: "ns", name: "run", uid: "uid", labels: { team: "a" } };
  return { run, step, try: number, name, record: undefined, variables: {}, meter: new Meter() };
}

const withStatus =
  (status: unknown) =>
  (object: StepObject): StepObject => ({
    ...object,
    metadata: { ...object.metadata, uid: "o" },
    ...(status === undefined ? {} : { status }),
  });
const condition = (type: string, message = ""): unknown => ({ conditions: [{ type, status: "True", message }] });

/** What the step makes of its object in a state. */
function judged(given: Given, status: unknown): TryView["state"] {
  const { step, ...rest } = sourceOf(given);
  const view = manifestKind.view(withStatus(status)(manifestKind.object({ step, ...rest })));
  if (view === undefined) throw new Error("the kind doesn't know its own object");
  return manifestKind.judged(view, step.spec).state;
}

casesOf(
  manifestKind,
  {
    source: (name, number) => sourceOf(job, name, number),
    states: {
      new: withStatus(undefined),
      running: withStatus({ active: 1 }),
      succeeded: withStatus(condition("Complete")),
      failed: withStatus(condition("Failed", "BackoffLimitExceeded")),
    },
    stray: (object) => ({ ...object, metadata: { ...object.metadata, ownerReferences: [] } }),
  },
  sourceOf(job).step.spec,
);

test("the object of a try, whole: numbers stay numbers, and the run owns it", () => {
  expect(manifestKind.object(sourceOf({ ...job, keep: "onFailure" }))).toEqual({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      namespace: "ns",
      name: "run--s--1",
      labels: { team: "a", "plimsoll.dev/run": "run", "plimsoll.dev/run-uid": "uid", "plimsoll.dev/step": "s", "plimsoll.dev/try": "1" },
      annotations: { "plimsoll.dev/keep": "onFailure" },
      ownerReferences: [{ apiVersion: "plimsoll.dev/v1alpha1", controller: true, kind: "PipelineRun", name: "run", uid: "uid" }],
    },
    spec: { parallelism: 2, template: {} },
  });
});

test("a kind or a label that has become no text is told by its field", () => {
  const manifest = { apiVersion: "batch/v1", kind: "Job", metadata: { labels: { size: "${{ 3 }}" } } };
  expect(() => manifestKind.object(sourceOf({ manifest }))).toThrow(
    expect.objectContaining({
      path: ["manifest", "metadata", "labels", "size"],
      message: "must be a text: use string(…) for what is none",
    }),
  );
});

const application = { apiVersion: "sparkoperator.k8s.io/v1beta2", kind: "ScheduledSparkApplication" };
const account = { serviceAccountName: "deploy" };
test.each<[string, Given, (string | number)[]]>([
  [
    "a Job's spec",
    { manifest: { apiVersion: "batch/v1", kind: "Job", spec: "${{ {'template': {'spec': {'serviceAccountName': 'deploy'}}} }}" } },
    ["manifest", "spec", "template", "spec", "serviceAccountName"],
  ],
  [
    "a Job's old name of it",
    { manifest: { apiVersion: "batch/v1", kind: "Job", spec: { template: { spec: "${{ {'serviceAccount': 'deploy'} }}" } } } },
    ["manifest", "spec", "template", "spec", "serviceAccount"],
  ],
  [
    "the name alone",
    { manifest: { apiVersion: "batch/v1", kind: "Job", spec: { template: { spec: { serviceAccountName: "${{ 'deploy' }}" } } } } },
    ["manifest", "spec", "template", "spec", "serviceAccountName"],
  ],
  ["an application's driver", { spark: { driver: "${{ {'serviceAccount': 'deploy'} }}" } }, ["spark", "driver", "serviceAccount"]],
  [
    "a schedule of applications",
    { manifest: { ...application, spec: { template: "${{ {'driver': {'serviceAccount': 'deploy'}} }}" } } },
    ["manifest", "spec", "template", "driver", "serviceAccount"],
  ],
])("an expression gives no ServiceAccount: %s", (_, given, path) => {
  expect(() => manifestKind.object(sourceOf(given))).toThrow(
    expect.objectContaining({ path, message: expect.stringContaining("a ServiceAccount stands as it is written") as string }),
  );
});

test("a ServiceAccount that stands there is used, whatever else is an expression", () => {
  const given = { manifest: { apiVersion: "batch/v1", kind: "Job", spec: { parallelism: "${{ 2 }}", template: { spec: account } } } };
  expect(manifestKind.object(sourceOf(given))).toMatchObject({ spec: { parallelism: 2, template: { spec: account } } });
});

test("names leave room for what an operator puts behind them", () => {
  const [run, step] = ["r".repeat(50), { name: "s", fanned: true }];
  const length = (apiVersion: string, kind: string): number =>
    nameOf(run, { ...step, spec: { name: "s", manifest: { apiVersion, kind } } }, 7, 1).length;
  expect([length("ray.io/v1", "RayJob"), length("batch/v1", "CronJob"), length("batch/v1", "Job")]).toEqual([47, 52, 59]);
});

test("an expression that takes more than its part of the time is false, and soon", () => {
  const many = `[${Array.from({ length: 200 }, () => 1).join(",")}]`;
  const all = `${many}.all(a, ${many}.all(b, a == b))`;
  expect(judged({ ...job, succeeded: all }, {})).toMatchObject({ phase: "active" });
});

describe("how an object has ended", () => {
  const rayJob: Given = { manifest: { apiVersion: "ray.io/v1", kind: "RayJob" } };
  const spark: Given = { spark: { type: "Python" } };
  const pytorchJob: Given = { manifest: { apiVersion: "kubeflow.org/v1", kind: "PyTorchJob" } };
  const study: Given = {
    manifest: { apiVersion: "example.dev/v1", kind: "Study" },
    succeeded: "object.status.trials >= 3",
    failed: "object.status.broken",
    outputs: { best: "object.status.best", trials: "object.status.trials" },
  };
  test.each<[string, Given, unknown, object]>([
    ["a new RayJob", rayJob, undefined, { phase: "active", placed: false }],
    ["a RayJob that tries again", rayJob, { jobStatus: "FAILED", jobDeploymentStatus: "Retrying" }, { phase: "active" }],
    ["a RayJob", rayJob, { jobStatus: "SUCCEEDED", jobDeploymentStatus: "Complete" }, { phase: "succeeded", outputs: {} }],
    ["a stopped RayJob", rayJob, { jobStatus: "STOPPED", jobDeploymentStatus: "Complete" }, { phase: "failed" }],
    [
      "a RayJob that its operator refuses",
      rayJob,
      { jobDeploymentStatus: "ValidationFailed", message: "the name is too long" },
      { failure: { reason: "Failed", message: "its RayJob has failed: the name is too long" } },
    ],
    ["a PyTorchJob under way", pytorchJob, condition("Running"), { phase: "active" }],
    ["a PyTorchJob", pytorchJob, condition("Succeeded"), { phase: "succeeded" }],
    [
      "a failed PyTorchJob",
      pytorchJob,
      condition("Failed", "a worker"),
      { failure: { reason: "Failed", message: "its PyTorchJob has failed: a worker" } },
    ],
    ["a submitted application", spark, { applicationState: { state: "SUBMITTED" } }, { phase: "active", placed: true }],
    [
      "an application",
      spark,
      { applicationState: { state: "COMPLETED" }, sparkApplicationId: "spark-1", driverInfo: { podName: "d" } },
      { phase: "succeeded", outputs: { applicationId: "spark-1", driverPod: "d" } },
    ],
    [
      "a failed application",
      spark,
      { applicationState: { state: "FAILED", errorMessage: "exit code 1" } },
      { failure: { reason: "Failed", message: "its SparkApplication has failed: exit code 1" } },
    ],
    ["a study without a status", study, undefined, { phase: "active" }],
    ["a study", study, { trials: 3, best: "a" }, { phase: "succeeded", outputs: { best: "a", trials: "3" } }],
    ["a broken study", study, { trials: 1, broken: true }, { phase: "failed" }],
    ["a study without its output", study, { trials: 3 }, { failure: { reason: "InvalidOutputs" } }],
    [
      "a Deployment that is there",
      { manifest: { apiVersion: "apps/v1", kind: "Deployment", spec: { replicas: 0 } } },
      { observedGeneration: 0 },
      { phase: "succeeded" },
    ],
  ])("%s", (_, given, status, state) => {
    expect(judged(given, status)).toMatchObject(state);
  });

  test("what was judged is kept without the object", () => {
    const { step, ...rest } = sourceOf(job);
    const view = manifestKind.view(withStatus({})(manifestKind.object({ step, ...rest })));
    expect(view).toHaveProperty("object");
    expect(view && manifestKind.judged(view, step.spec)).not.toHaveProperty("object");
  });
});
