import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { isFinished, podOf, podView } from "./pod.ts";

const made = (name: string, more: Pod = {}): Pod => ({
  ...more,
  metadata: {
    namespace: "shop",
    name,
    uid: `uid-${name}`,
    labels: { app: "web" },
    creationTimestamp: "2026-01-02T03:04:05Z",
    ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-1", uid: "rs", controller: true }],
    ...more.metadata,
  },
  spec: {
    nodeName: "node-1",
    containers: [{ name: "web", resources: { requests: { cpu: "100m", memory: "1Gi" } }, ports: [{ containerPort: 80, hostPort: 8080 }] }],
    volumes: [
      { name: "scratch", emptyDir: {} },
      { name: "data", persistentVolumeClaim: { claimName: "data-0" } },
    ],
    ...more.spec,
  },
});

test("what planners need of a pod is taken", () => {
  expect(podOf(made("a", { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } }))).toMatchObject({
    namespace: "shop",
    node: "node-1",
    phase: "Running",
    isReady: true,
    endsAt: undefined,
    createdAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    owner: { kind: "ReplicaSet", name: "web-1" },
    requests: { cpu: 100, memory: 2 ** 30 },
    shape: { labels: { app: "web" }, grace: 30, hostPorts: ["TCP/8080"], claims: ["data-0"], emptyDirs: ["scratch"], isMirror: false },
  });
});

test("siblings have in common what is the same", () => {
  const [a, b] = [podOf(made("a")), podOf(made("b"))];
  expect(a.shape).toBe(b.shape);
  expect(a.owner).toBe(b.owner);
  expect(a.requests).toBe(b.requests);
  expect(podOf(made("c", { spec: { containers: [], priority: 1 } })).shape).not.toBe(a.shape);
});

test("a pod that nothing has placed is on no node, and one that has ended takes no room", () => {
  const pending = podOf(made("a", { spec: { containers: [], nodeName: "" } }));
  expect(podView.indexes.node(pending)).toEqual([]);
  expect(
    ["Pending", "Running", "Unknown", "Succeeded", "Failed"].map((phase) => isFinished(podOf(made("a", { status: { phase } })))),
  ).toEqual([false, false, false, true, true]);
});

test("when a pod ended is when the last of its containers did", () => {
  const ended = (finishedAt: string) => ({ name: finishedAt, state: { terminated: { exitCode: 0, finishedAt } } });
  const containerStatuses = [ended("2026-01-02T03:05:05Z"), ended("2026-01-02T03:06:05Z")] as NonNullable<
    Pod["status"]
  >["containerStatuses"];
  const at = (phase: string) => podOf(made("a", { status: { phase, ...(containerStatuses && { containerStatuses }) } })).finishedAt;
  expect([at("Succeeded"), at("Running")]).toEqual([Date.UTC(2026, 0, 2, 3, 6, 5), undefined]);
});

test("a time that nobody knows is none, as the kubelet writes of a container that could not be found any more", () => {
  const state = { terminated: { exitCode: 137, reason: "ContainerStatusUnknown", startedAt: null, finishedAt: null } };
  const ended = (conditions: object[]) =>
    podOf(made("a", { status: { phase: "Failed", startTime: null, containerStatuses: [{ name: "web", state }], conditions } as never }));
  expect(ended([])).toMatchObject({ startedAt: undefined, finishedAt: undefined });
  expect(ended([{ type: "Ready", lastTransitionTime: "2026-01-02T03:06:05Z" }]).finishedAt).toBe(Date.UTC(2026, 0, 2, 3, 6, 5));
});
