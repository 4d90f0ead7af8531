import type { Drain, DrainStatus } from "@plimsoll/api";
import { budgetOf, type Budget } from "@plimsoll/model";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { at, decided, drainOf, names, node, now, pod } from "../testing/decided.ts";
import type { Refusal } from "./blocker.ts";

test.each<[string, Drain["spec"], Pod, Budget[], object]>([
  [
    "unmanaged",
    {},
    pod("web-x", "a", { metadata: { ownerReferences: [] } }),
    [],
    { reason: "Unmanaged", message: expect.stringMatching(/spec\.allow\.unmanaged/) },
  ],
  [
    "with local data",
    {},
    pod("web-x", "a", { spec: { volumes: [{ name: "tmp", emptyDir: {} }] } }),
    [],
    { reason: "LocalData", message: expect.stringMatching(/tmp \(emptyDir\)/) },
  ],
  [
    "under two budgets",
    {},
    pod("web-x", "a"),
    ["one", "two"].map((name) =>
      budgetOf({
        metadata: { namespace: "shop", name, generation: 1 },
        spec: { selector: {}, minAvailable: 1 },
        status: { observedGeneration: 1 } as never,
      }),
    ),
    { reason: "ManyBudgets", message: expect.stringMatching(/500, always/) },
  ],
  [
    "under a budget that allows none",
    {},
    pod("web-x", "a"),
    [
      budgetOf({
        metadata: { namespace: "shop", name: "zero", generation: 1 },
        spec: { selector: {}, maxUnavailable: 0 },
        status: { observedGeneration: 1 } as never,
      }),
    ],
    { reason: "ZeroBudget", message: expect.stringMatching(/the PodDisruptionBudget zero \(maxUnavailable: 0\)/) },
  ],
  [
    "that fits nowhere",
    {},
    pod("web-x", "a", { spec: { nodeSelector: { gpu: "yes" } } }),
    [],
    { reason: "NoNode", message: expect.stringMatching(/would find no node/) },
  ],
  [
    "made again on its node",
    {},
    pod("web-x", "a", { metadata: { creationTimestamp: at(-5) }, spec: { tolerations: [{ operator: "Exists" }] } }),
    [],
    { reason: "Returned", message: expect.stringMatching(/tolerates/) },
  ],
  [
    "that doesn't end",
    {},
    pod("web-x", "a", { metadata: { deletionTimestamp: at(-120) } }),
    [],
    { reason: "Stuck", message: expect.stringMatching(/was to have ended/) },
  ],
])("a pod %s is named with the way out, and not evicted", (_, spec, one, budgets, blocker) => {
  const { statusOf, evict, remove } = decided({
    drains: [drainOf("d", { nodes: ["a"], ...spec }, { startedAt: at(-60) })],
    nodes: [node("a", { cordonedBy: ["d"] }), node("b")],
    pods: [one],
    budgets,
  });
  expect(statusOf("d")?.nodes?.[0]).toMatchObject({ blocked: 1, blockers: [{ pod: "shop/web-x", ...blocker }] });
  expect(statusOf("d")?.conditions?.find(({ type }) => type === "Blocked")?.status).toBe("True");
  expect([evict, remove]).toEqual([[], []]);
});

test("a node whose pods would find no other isn't cordoned; one with pods that may not be evicted is", () => {
  const drains = [drainOf("d", { nodes: ["a"] })];
  expect(
    decided({ drains, nodes: [node("a"), node("b")], pods: [pod("x", "a", { spec: { nodeSelector: { gpu: "yes" } } })] }).cordon,
  ).toEqual([]);
  expect(
    decided({ drains, nodes: [node("a"), node("b")], pods: [pod("x", "a", { metadata: { ownerReferences: [] } })] }).cordon,
  ).toHaveLength(1);
});

test("what the API server refuses waits, and is told when it is more than a matter of time", () => {
  const world = {
    drains: [drainOf("d", { nodes: ["a"] }, { startedAt: at(-60) })],
    nodes: [node("a", { cordonedBy: ["d"] }), node("b")],
    pods: [pod("web-x", "a")],
  };
  const refused = (refusal: Partial<Refusal>) =>
    decided({ ...world, refusals: new Map([["uid-web-x", { code: 429, message: "not now", times: 1, until: now + 1, ...refusal }]]) });
  expect(refused({}).evict).toEqual([]);
  expect(refused({}).statusOf("d")?.nodes?.[0]?.blocked).toBeUndefined();
  expect(names(refused({ until: now }).evict)).toEqual(["web-x"]);
  expect(refused({ times: 3 }).statusOf("d")?.nodes?.[0]?.blockers).toMatchObject([
    { reason: "Refused", message: expect.stringMatching(/\(429\): not now/) },
  ]);
  expect(refused({ code: 500 }).statusOf("d")?.nodes?.[0]?.blockers).toMatchObject([{ reason: "Refused" }]);
});

const held = [
  budgetOf({
    metadata: { namespace: "shop", name: "zero", generation: 1 },
    spec: { selector: {}, maxUnavailable: 0 },
    status: { observedGeneration: 1 } as never,
  }),
];

test.each<["wait" | "fail" | "delete" | undefined, string, string[]]>([
  ["wait", "Running", []],
  ["fail", "Failed", []],
  [undefined, "Failed", []],
  ["delete", "Running", ["web-x"]],
])("when the time is over, onTimeout: %s", (onTimeout, phase, removed) => {
  const spec = { nodes: ["a"], timeout: "1m", ...(onTimeout ? { onTimeout } : {}) };
  const status: DrainStatus = { startedAt: at(-90), nodes: [{ name: "a", phase: "Blocked", pods: 1, startedAt: at(-61) }] };
  const world = {
    drains: [drainOf("d", spec, status)],
    nodes: [node("a", { cordonedBy: ["d"] }), node("b")],
    pods: [pod("web-x", "a")],
    budgets: held,
  };
  const { statusOf, remove, release } = decided(world);
  expect(statusOf("d")).toMatchObject({ phase });
  expect(statusOf("d")?.conditions?.find(({ type }) => type === "TimedOut")?.status).toBe("True");
  expect(names(remove)).toEqual(removed);
  expect(release).toHaveLength(phase === "Failed" ? 1 : 0);
  const sooner = { ...status, nodes: [{ name: "a", phase: "Blocked" as const, startedAt: at(-59) }] };
  const inTime = decided({ ...world, drains: [drainOf("d", spec, sooner)] });
  expect([inTime.statusOf("d")?.phase, inTime.remove.length]).toEqual(["Running", 0]);
});

test("a node's time begins once none of its pods is given time to end: these aren't deleted, and the Drain doesn't fail, before", () => {
  const step = pod("step", "a", {
    metadata: { ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "j", uid: "j", controller: true }] },
  });
  const nodes = [node("a", { cordonedBy: ["d"] }), node("b")];
  for (const onTimeout of ["delete", "fail"] as const) {
    const spec = { nodes: ["a"], timeout: "1m", onTimeout, waitForJobs: "10m" };
    const world = { nodes, pods: [pod("web-x", "a"), step], budgets: held };
    const early: DrainStatus = { startedAt: at(-300), nodes: [{ name: "a", phase: "Blocked", startedAt: at(-300) }] };
    const waiting = decided({ ...world, drains: [drainOf("d", spec, early)] });
    expect(waiting.statusOf("d")).toMatchObject({
      phase: "Running",
      conditions: expect.arrayContaining([expect.objectContaining({ type: "TimedOut", status: "False" })]),
    });
    expect(names(waiting.remove)).toEqual([]);
    const unbegun: DrainStatus = { startedAt: at(-300), nodes: [{ name: "a", phase: "Blocked" }] };
    expect(decided({ ...world, drains: [drainOf("d", spec, unbegun)] }).statusOf("d")?.nodes?.[0]?.startedAt).toBeUndefined();
    const over = drainOf("d", spec, { ...unbegun, startedAt: at(-600) });
    expect(decided({ ...world, drains: [over] }).statusOf("d")).toMatchObject({ phase: "Running", nodes: [{ startedAt: at(0) }] });
  }
});

test("a node's time begins with its turn, whatever keeps pods on it", () => {
  const many = ["one", "two"].map((name) =>
    budgetOf({
      metadata: { namespace: "shop", name, generation: 1 },
      spec: { selector: { matchLabels: { app: "many" } }, minAvailable: 1 },
      status: { observedGeneration: 1 } as never,
    }),
  );
  const spec = { nodes: ["a", "b"], timeout: "1m", maxParallel: 1 };
  const { statusOf } = decided({
    drains: [drainOf("d", spec, { startedAt: at(-60) })],
    nodes: [node("a", { cordonedBy: ["d"] }), node("b", { cordonedBy: ["d"] }), node("c")],
    pods: [pod("web-x", "a"), pod("many-x", "b", { labels: { app: "many" } }), pod("web-y", "b"), pod("web-z", "c")],
    budgets: many,
  });
  expect(statusOf("d")?.nodes).toMatchObject([
    { name: "a", phase: "Draining", startedAt: at(0) },
    { name: "b", phase: "Blocked" },
  ]);
  expect(statusOf("d")?.nodes?.[1]?.startedAt).toBeUndefined();
});

test("that a node took too long stays known, and fails no Drain once it is drained", () => {
  const nodes = [{ name: "a", phase: "Draining" as const, startedAt: at(-90), timedOut: true }];
  const spec = { nodes: ["a", "b"], timeout: "1m", onTimeout: "wait" as const };
  const world = { nodes: [node("a", { cordonedBy: ["d"] }), node("b", { cordonedBy: ["d"] }), node("c")], pods: [pod("web-x", "b")] };
  const status = decided({ ...world, drains: [drainOf("d", spec, { startedAt: at(-90), nodes })] }).statusOf("d");
  expect(status?.nodes?.[0]).toMatchObject({ phase: "Drained", timedOut: true });
  expect(status?.conditions?.find(({ type }) => type === "TimedOut")?.status).toBe("True");
  const fails = { ...spec, onTimeout: "fail" as const };
  expect(decided({ ...world, drains: [drainOf("d", fails, { startedAt: at(-90), nodes })] }).statusOf("d")?.phase).toBe("Running");
});

test("what may not be evicted without leave isn't deleted either", () => {
  const spec = { nodes: ["a"], timeout: "1m", onTimeout: "delete" as const };
  const status: DrainStatus = { startedAt: at(-90), nodes: [{ name: "a", phase: "Blocked", startedAt: at(-61) }] };
  const pods = [pod("bare", "a", { metadata: { ownerReferences: [] } }), pod("web-x", "a")];
  expect(
    names(decided({ drains: [drainOf("d", spec, status)], nodes: [node("a", { cordonedBy: ["d"] }), node("b")], pods }).remove),
  ).toEqual(["web-x"]);
});

test("however many pods are kept, a status tells of at most 10 of a node and 200 of all", () => {
  const all = Array.from({ length: 40 }, (_, index) => `n-${index}`);
  const pods = all.flatMap((on) =>
    Array.from({ length: 30 }, (_, index) => pod(`${on}-${index}`, on, { metadata: { ownerReferences: [] } })),
  );
  const { statusOf } = decided({ drains: [drainOf("d", { nodes: all })], nodes: [...all.map((name) => node(name)), node("free")], pods });
  const nodes = statusOf("d")?.nodes ?? [];
  expect(nodes.every(({ blocked }) => blocked === 30)).toBe(true);
  expect(nodes.map(({ blockers = [] }) => blockers.length)).toEqual([...Array<number>(20).fill(10), ...Array<number>(20).fill(0)]);
});
