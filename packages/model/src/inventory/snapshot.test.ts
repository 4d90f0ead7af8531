import { expect, test } from "vitest";
import { budgetOf } from "../budget.ts";
import { jobView, replicaSetView, runView } from "../controller.ts";
import { inventoryOf } from "./inventory.ts";
import { nodeOf } from "../node.ts";
import { podOf } from "../pod.ts";
import { readSnapshot, SnapshotError, snapshotVersion, type Snapshot } from "./snapshot.ts";
import { volumeView } from "../volume.ts";

const owned = (kind: string, name: string, apiVersion = "apps/v1") => ({
  ownerReferences: [{ apiVersion, kind, name, uid: `uid-${name}`, controller: true }],
});
const pod = (namespace: string, name: string, cpu: string | undefined, more: { nodeName?: string; phase?: string; meta?: object } = {}) =>
  podOf({
    metadata: { namespace, name, uid: `uid-${name}`, creationTimestamp: "2026-01-02T03:04:05Z" as never, ...more.meta },
    spec: {
      ...(more.nodeName === undefined ? {} : { nodeName: more.nodeName }),
      containers: [{ name: "c", ...(cpu === undefined ? {} : { resources: { requests: { cpu, memory: "1Gi" } } }) }],
    },
    status: { phase: more.phase ?? "Running" },
  });

/** As the kubelet leaves a pod whose container it could not find any more. */
const lost = podOf({
  metadata: { namespace: "lab", name: "lost", uid: "uid-lost" },
  status: {
    phase: "Failed",
    containerStatuses: [{ name: "c", state: { terminated: { exitCode: 137, startedAt: null, finishedAt: null } } }],
  },
} as never);

const snapshot: Snapshot = {
  version: snapshotVersion,
  takenAt: "2026-01-02T03:04:05Z",
  kubernetes: "v1.36.3",
  nodes: ["a", "b"].map((name) =>
    nodeOf({ metadata: { name, uid: name }, status: { allocatable: { cpu: "4", memory: "8Gi", pods: "110" } } }),
  ),
  pods: [
    pod("shop", "web-1", "500m", { nodeName: "a", meta: { labels: { app: "web" }, ...owned("ReplicaSet", "web-x") } }),
    pod("shop", "web-2", "500m", { meta: { labels: { app: "web" }, ...owned("ReplicaSet", "web-x") } }),
    pod("shop", "bare", undefined, { nodeName: "a" }),
    pod("lab", "step-1", "1", { nodeName: "a", meta: owned("PipelineRun", "digits-1", "plimsoll.dev/v1alpha1") }),
    pod("lab", "nightly-1-x", "250m", { nodeName: "a", meta: owned("Job", "nightly-1", "batch/v1") }),
    pod("lab", "done", "250m", { nodeName: "a", phase: "Succeeded" }),
    lost,
  ],
  controllers: [
    replicaSetView.project({ metadata: { namespace: "shop", name: "web-x", uid: "uid-web-x", ...owned("Deployment", "web") } }),
    jobView.project({
      metadata: { namespace: "lab", name: "nightly-1", uid: "uid-nightly-1", ...owned("CronJob", "nightly", "batch/v1") },
    }),
    runView.project({ metadata: { namespace: "lab", name: "digits-1", uid: "uid-digits-1" }, spec: { pipelineRef: { name: "digits" } } }),
  ],
  claims: [],
  volumes: [
    volumeView.project({
      metadata: { name: "disk" },
      spec: { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] }] } } },
    }),
  ],
  budgets: [
    budgetOf({ metadata: { namespace: "shop", name: "web" }, spec: { selector: { matchLabels: { app: "web" } }, minAvailable: 1 } }),
  ],
  autoscalers: [],
  usage: {
    nodes: [{ name: "a", used: { cpu: 900, memory: 3 } }],
    pods: [{ namespace: "shop", name: "web-1", used: { cpu: 100, memory: 1 } }],
  },
  custom: [{ group: "ray.io", resource: "rayclusters", namespace: "lab", count: 3 }],
};
const rows = (by: Parameters<typeof inventoryOf>[1]["by"]) =>
  inventoryOf(snapshot, { by }).map(({ namespace, kind, name, pods, requested }) => [
    [namespace, kind, name].filter((part) => part !== undefined).join("/"),
    pods,
    requested["cpu"],
  ]);

test("a snapshot is read as it was written", () => {
  expect(readSnapshot(JSON.stringify(snapshot))).toEqual(snapshot);
  const { usage: _, ...unmeasured } = snapshot;
  expect(readSnapshot(JSON.stringify(unmeasured)).usage).toBeUndefined();
});

test.each([
  ["{", /^no JSON: /],
  ["[]", /^the snapshot: /],
  [
    JSON.stringify({ ...snapshot, version: "plimsoll.dev/snapshot/v9" }),
    /^version: must be "plimsoll.dev\/snapshot\/v1": take the snapshot anew/,
  ],
  [JSON.stringify({ ...snapshot, nodes: undefined }), /^nodes: /],
  [JSON.stringify({ ...snapshot, pods: [{ ...snapshot.pods[0], requests: { cpu: "1" } }] }), /^pods\[0\]\.requests\.cpu: .*number/],
])("%.40s is no snapshot, and the first field that is wrong is named", (text, message) => {
  expect(() => readSnapshot(text)).toThrow(SnapshotError);
  expect(() => readSnapshot(text)).toThrow(message);
});

test("pods count by their node, namespace, topmost owner, pipeline, run and label; those that have ended in none", () => {
  expect(rows("node")).toEqual([
    ["a", 4, 1750],
    ["b", 0, undefined],
    ["", 1, 500],
  ]);
  expect(rows("namespace")).toEqual([
    ["lab", 2, 1250],
    ["shop", 3, 1000],
  ]);
  expect(rows("workload")).toEqual([
    ["lab/CronJob/nightly", 1, 250],
    ["lab/PipelineRun/digits-1", 1, 1000],
    ["shop/Deployment/web", 2, 1000],
    ["shop/Pod/bare", 1, undefined],
  ]);
  expect(rows("pipeline")).toEqual([
    ["lab/digits", 1, 1000],
    ["", 4, 1250],
  ]);
  expect(rows("run")).toEqual([
    ["lab/digits-1", 1, 1000],
    ["", 4, 1250],
  ]);
  expect(rows({ label: "app" })).toEqual([
    ["web", 2, 1000],
    ["", 3, 1250],
  ]);
});

test("a row says what isn't asked for, what waits, and what is used as far as that is known", () => {
  expect(inventoryOf(snapshot, { by: "namespace" })[1]).toMatchObject({
    pending: 1,
    without: { cpu: 1, memory: 1, either: 1 },
    used: { cpu: 100, memory: 1 },
    measured: 1,
  });
  const [a, b] = inventoryOf(snapshot, { by: "node" });
  expect(a).toMatchObject({ allocatable: { cpu: 4000, pods: 110 }, used: { cpu: 900 }, measured: 1 });
  expect(b).toMatchObject({ used: undefined, measured: 0 });
});

test("pods that a pod owns, as a Spark driver its executors, count for what that belongs to", () => {
  const driver = pod("lab", "driver", "1", { meta: { uid: "d", ...owned("SparkApplication", "sum", "sparkoperator.k8s.io/v1beta2") } });
  const executor = pod("lab", "exec-1", "2", {
    meta: { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "driver", uid: "d", controller: true }] },
  });
  expect(inventoryOf({ ...snapshot, pods: [executor, driver] }, { by: "workload" })).toMatchObject([
    { namespace: "lab", kind: "SparkApplication", name: "sum", pods: 2, requested: { cpu: 3000 } },
  ]);
});
