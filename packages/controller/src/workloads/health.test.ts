import { parseValue as language } from "@plimsoll/features/pipelines";
import { judgeOf } from "@plimsoll/features/workloads";
import { expect, test } from "vitest";

const stateOf = (apiVersion: string, kind: string, object: object): string => {
  const { state, message } = judgeOf({ apiVersion, kind }, language)(object);
  return message === undefined ? state : `${state}: ${message}`;
};
const condition = (type: string, status: string, message?: string): object => ({ type, status, message });

test.each<[string, object, string]>([
  ["nothing yet", {}, "Progressing"],
  ["all replicas", { status: { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 } }, "Healthy"],
  ["an older generation", { status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 } }, "Progressing"],
  ["an old pod still", { status: { observedGeneration: 2, replicas: 3, updatedReplicas: 2, availableReplicas: 2 } }, "Progressing"],
  [
    "no progress",
    { status: { observedGeneration: 2, replicas: 2, conditions: [condition("Progressing", "False", "has timed out")] } },
    "Failed: has timed out",
  ],
  [
    "a replica too few",
    {
      status: {
        observedGeneration: 2,
        replicas: 2,
        updatedReplicas: 2,
        availableReplicas: 1,
        conditions: [condition("Available", "False", "too few")],
      },
    },
    "Progressing: too few",
  ],
])("a Deployment with %s", (_, more, state) => {
  expect(stateOf("apps/v1", "Deployment", { metadata: { generation: 2 }, spec: { replicas: 2 }, ...more })).toBe(state);
});

test("a Deployment of no replicas is healthy, though its status has no counts", () => {
  expect(stateOf("apps/v1", "Deployment", { metadata: { generation: 1 }, spec: { replicas: 0 }, status: { observedGeneration: 1 } })).toBe(
    "Healthy",
  );
});

const [rayJob, trainingJob] = [["ray.io/v1", "RayJob"] as const, ["kubeflow.org/v1", "PyTorchJob"] as const];
const leaving = { runPolicy: { ttlSecondsAfterFinished: 60 } };
test.each<[readonly [string, string], object, object, string]>([
  [rayJob, {}, {}, "Progressing"],
  [rayJob, {}, { jobStatus: "RUNNING", jobDeploymentStatus: "Running" }, "Progressing"],
  [rayJob, {}, { jobStatus: "SUCCEEDED", jobDeploymentStatus: "Complete" }, "Succeeded"],
  [rayJob, {}, { jobDeploymentStatus: "Failed", message: "out of memory" }, "Failed: out of memory"],
  [["sparkoperator.k8s.io/v1beta2", "SparkApplication"], {}, { applicationState: { state: "FAILED", errorMessage: "no" } }, "Failed: no"],
  [trainingJob, leaving, { conditions: [condition("Running", "True")] }, "Progressing"],
  [trainingJob, leaving, { conditions: [condition("Succeeded", "True")] }, "Succeeded"],
  [trainingJob, leaving, { conditions: [condition("Failed", "True", "no GPU")] }, "Failed: no GPU"],
  // It may be one that stays.
  [trainingJob, {}, { conditions: [condition("Succeeded", "True")] }, "Healthy"],
])("of %j with %j, the status %j is %s", ([apiVersion, kind], spec, status, state) => {
  expect(stateOf(apiVersion, kind, { metadata: {}, spec, status })).toBe(state);
});

test.each<[object, object, string]>([
  [{}, { readyReplicas: 1, updateRevision: "b", currentRevision: "a" }, "Progressing"],
  [{}, { readyReplicas: 1, updateRevision: "b", currentRevision: "b" }, "Healthy"],
  [{}, { updateRevision: "b", currentRevision: "b" }, "Progressing"],
  [{ updateStrategy: { type: "OnDelete" } }, { readyReplicas: 1, updateRevision: "b", currentRevision: "a" }, "Healthy"],
])("a StatefulSet with %j and %j is %s", (spec, status, state) => {
  expect(
    stateOf("apps/v1", "StatefulSet", {
      metadata: { generation: 1 },
      spec: { replicas: 1, ...spec },
      status: { observedGeneration: 1, ...status },
    }),
  ).toBe(state);
});

test.each<[object, string]>([
  [{ observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 }, "Healthy"],
  [{ observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 }, "Progressing"],
  [{ observedGeneration: 1, desiredNumberScheduled: 0, updatedNumberScheduled: 0 }, "Healthy"],
])("a DaemonSet with %j is %s", (status, state) => {
  expect(stateOf("apps/v1", "DaemonSet", { metadata: { generation: 1 }, spec: {}, status })).toBe(state);
});

test.each<[string, string, object, string]>([
  ["v1", "ConfigMap", {}, "Healthy"],
  ["batch/v1", "CronJob", {}, "Healthy"],
  ["batch/v1", "Job", {}, "Progressing"],
  ["batch/v1", "Job", { status: { conditions: [condition("Complete", "True")] } }, "Succeeded"],
  ["batch/v1", "Job", { status: { conditions: [condition("Failed", "True", "BackoffLimitExceeded")] } }, "Failed: BackoffLimitExceeded"],
  ["v1", "Pod", { status: { phase: "Running", conditions: [condition("Ready", "False", "not yet")] } }, "Progressing: not yet"],
  ["v1", "Pod", { status: { phase: "Running", conditions: [condition("Ready", "True")] } }, "Healthy"],
  ["v1", "Pod", { status: { phase: "Succeeded" } }, "Succeeded"],
  ["v1", "Pod", { status: { phase: "Failed", message: "evicted" } }, "Failed: evicted"],
  ["v1", "Service", { spec: {} }, "Healthy"],
  ["v1", "Service", { spec: { type: "LoadBalancer" }, status: { loadBalancer: {} } }, "Progressing"],
  ["v1", "Service", { spec: { type: "LoadBalancer" }, status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } }, "Healthy"],
  ["example.dev/v1", "Thing", {}, "Healthy"],
  ["example.dev/v1", "Thing", { metadata: { generation: 2 }, status: { observedGeneration: 1 } }, "Progressing"],
  [
    "example.dev/v1",
    "Thing",
    { metadata: { generation: 2 }, status: { observedGeneration: 2, conditions: [condition("Ready", "True")] } },
    "Healthy",
  ],
  ["example.dev/v1", "Thing", { status: { conditions: [condition("Ready", "False", "no")] } }, "Progressing: no"],
])("%s %s with %j is %s", (apiVersion, kind, object, state) => {
  expect(stateOf(apiVersion, kind, object)).toBe(state);
});
