import type { Drain } from "@plimsoll/api";
import { autoscalerView, budgetOf, Cluster, nodeOf, podOf } from "@plimsoll/model";
import { describe, expect, test } from "vitest";
import { clusterOf, type ClusterNow } from "./cluster-now.ts";
import { fatesOf, formatFates } from "./dry-run.ts";

const pod = (name: string, spec: object = {}, metadata: object = {}) =>
  podOf({
    metadata: { namespace: "shop", name, uid: name, labels: { app: name }, ...metadata },
    spec: { nodeName: "a", containers: [{ name: "c" }], ...spec },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  });
const owned = { ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", uid: "r", controller: true }] };

const heldBudget = budgetOf({
  metadata: { namespace: "shop", name: "held", uid: "held" },
  spec: { maxUnavailable: 0, selector: { matchLabels: { app: "held" } } },
  status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
} as never);

test.each([
  [pod("bare"), /has no controller that would make it again: --force evicts it all the same$/],
  [
    pod("data", { volumes: [{ name: "cache", emptyDir: {} }] }, owned),
    /cache \(emptyDir\).*: --delete-emptydir-data evicts it all the same$/,
  ],
  [pod("held", {}, owned), /which allows none to be missing: allow one to be missing, or take the budget away$/],
  [
    pod("big", { containers: [{ name: "c", resources: { requests: { cpu: "64" } } }] }, owned),
    /: add a node, or take some out of the Drain$/,
  ],
])("what would not go is told with the way out, as by the Drain itself", (kept, what) => {
  const cluster = new Cluster();
  for (const name of ["a", "b"])
    cluster.setNode(nodeOf({ metadata: { name, uid: name }, status: { allocatable: { cpu: "4", memory: "8Gi", pods: "110" } } }));
  cluster.setPod(kept);
  const spec: Drain["spec"] = { nodes: ["a"] };
  const now: ClusterNow = { cluster, budgets: () => [heldBudget], noSurge: () => undefined };
  const fates = fatesOf({ spec } as Drain, ["a"], now, Date.now());
  const [table = ""] = formatFates(fates, ["a"], spec, Date.now(), (_, text) => text);
  expect(table.split("\n").at(-1)).toMatch(/^stays /);
  expect(table.split("\n").at(-1)).toMatch(what);
});

describe("with surge", () => {
  const ofSet = (kind: string, name: string, owner: string, labels: object = {}) =>
    pod(name, {}, { labels, ownerReferences: [{ apiVersion: "apps/v1", kind, name: owner, uid: owner, controller: true }] });
  const nodes = ["a", "b", "c"].map((name) =>
    nodeOf({ metadata: { name, uid: name }, status: { allocatable: { cpu: "4", memory: "8Gi", pods: "110" } } }),
  );
  const autoscalers = [
    autoscalerView.project({
      metadata: { namespace: "shop", name: "scaler" },
      spec: { maxReplicas: 3, scaleTargetRef: { kind: "Deployment", name: "scaled" } },
    }),
  ];
  const pods = [
    ofSet("ReplicaSet", "web-1-x", "web-1", { "pod-template-hash": "1" }),
    ofSet("ReplicaSet", "scaled-1-x", "scaled-1", { "pod-template-hash": "1" }),
    ofSet("StatefulSet", "db-0", "db"),
  ];

  test("what gets one more replica is told, and what gets none, and why; each pod goes once, and to no node that is drained", () => {
    const spec: Drain["spec"] = { nodes: ["a", "b"], surge: true };
    const now = clusterOf({ nodes, pods, budgets: [], claims: [], volumes: [], autoscalers });
    const fates = fatesOf({ spec } as Drain, ["a", "b"], now, 0);
    const [table = ""] = formatFates(fates, ["a", "b"], spec, 0, (_, text) => text);
    expect(
      table
        .split("\n")
        .slice(1)
        .map((line) => line.replaceAll(/ {2,}/g, "|"))
        .toSorted(),
    ).toEqual([
      "1|a|shop/db-0|room on c, without one more replica, as it is of no Deployment",
      "1|a|shop/scaled-1-x|room on c, without one more replica, as the HorizontalPodAutoscaler scaler scales its Deployment",
      "2|a|shop/web-1-x|room on c, once one more replica is ready",
    ]);
  });
});

test("a Job's time limit counts as it does for the Drain", () => {
  const cluster = new Cluster();
  for (const name of ["a", "b"])
    cluster.setNode(nodeOf({ metadata: { name, uid: name }, status: { allocatable: { cpu: "4", memory: "8Gi", pods: "110" } } }));
  const job = [{ apiVersion: "batch/v1", kind: "Job", name: "j", uid: "j", controller: true }];
  cluster.setPod({ ...pod("long", {}, { ownerReferences: job }), startedAt: 0 });
  const spec: Drain["spec"] = { nodes: ["a"], waitForJobs: "30m" };
  const known: ClusterNow = { cluster, budgets: () => [], noSurge: () => undefined };
  const verdicts = (jobDeadline: () => number | undefined) =>
    fatesOf({ spec } as Drain, ["a"], { ...known, jobDeadline }, 60_000).map(({ verdict }) => verdict.kind);
  expect(verdicts(() => undefined)).toEqual(["waits"]);
  expect(verdicts(() => 3_600_000)).toEqual(["evict"]);
});
