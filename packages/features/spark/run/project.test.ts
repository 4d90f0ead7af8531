import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { sparkPodOf } from "./project.ts";

/** A driver's pod in some state. */
function driver(status: Pod["status"], change: object = {}) {
  const metadata = {
    namespace: "team",
    name: "pi-driver",
    uid: "p",
    resourceVersion: "1",
    creationTimestamp: "2027-01-01T00:00:00Z",
    labels: { "spark-role": "driver", "sparkoperator.k8s.io/app-name": "pi", "sparkoperator.k8s.io/submission-id": "1-1-0123456789ab" },
    ownerReferences: [{ apiVersion: "sparkoperator.k8s.io/v1beta2", kind: "SparkApplication", name: "pi", uid: "a", controller: true }],
    ...change,
  };
  return sparkPodOf({ metadata, status } as Parameters<typeof sparkPodOf>[0]);
}

const container = (state: object, name = "spark-kubernetes-driver") => ({
  name,
  image: "",
  imageID: "",
  ready: false,
  restartCount: 0,
  state,
});
const terminated = (exitCode: number, reason = "Error", message = "") => container({ terminated: { exitCode, reason, message } });

test.each<[string, Pod["status"], object]>([
  ["nothing is known of it yet", {}, { is: "pending" }],
  ["it runs", { phase: "Running", containerStatuses: [container({ running: {} })] }, { is: "running" }],
  [
    "a sidecar goes on after it",
    { phase: "Running", containerStatuses: [container({ running: {} }, "side"), terminated(0)] },
    { is: "succeeded" },
  ],
  [
    "it exits",
    { phase: "Failed", containerStatuses: [terminated(3)] },
    { is: "failed", why: "the driver ended with exit code 3: `plimsoll spark logs` shows what it said" },
  ],
  [
    "it has too little memory",
    { phase: "Failed", containerStatuses: [terminated(137, "OOMKilled")] },
    { is: "failed", why: "the driver ran out of memory (OOMKilled): raise driver.memoryOverhead or driver.memory" },
  ],
  ["it is evicted", { phase: "Failed", reason: "Evicted", message: "low" }, { is: "failed", why: "the driver pod failed: Evicted: low" }],
  ["its node is silent", { phase: "Unknown", message: "lost" }, { is: "unknown", why: "lost" }],
  [
    "its image isn't there",
    { phase: "Pending", containerStatuses: [container({ waiting: { reason: "ImagePullBackOff", message: "no such image" } })] },
    { is: "pending", why: "the driver can't begin: ImagePullBackOff: no such image" },
  ],
  [
    "no node takes it",
    { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" }] },
    { is: "pending", why: "no node takes the driver: 0/1 nodes" },
  ],
])("of a driver: %s", (_, status, state) => {
  expect(driver(status)).toMatchObject({ role: "driver", owner: "a", application: "pi", submission: "1-1-0123456789ab", state });
});

test("a driver that belongs to no application is left out, as is any pod that isn't Spark's", () => {
  expect(driver({}, { ownerReferences: undefined })).toBeUndefined();
  expect(driver({}, { labels: {} })).toBeUndefined();
});

test.each([
  ["Pending", "PENDING"],
  ["Running", "RUNNING"],
  ["Succeeded", "COMPLETED"],
  ["Failed", "FAILED"],
  ["Unknown", "UNKNOWN"],
])("an executor that is %s is told as %s", (phase, state) => {
  const labels = { "spark-role": "executor", "spark-app-selector": "spark-1", "sparkoperator.k8s.io/app-name": "pi" };
  expect(driver({ phase }, { labels })).toMatchObject({ role: "executor", applicationId: "spark-1", application: "pi", state });
});
