import type { Drain, DrainStatus } from "@plimsoll/api";
import { Cluster, budgetOf, nodeOf, podOf, type Budget, type NodeView } from "@plimsoll/model";
import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { planDrain } from "../plan/index.ts";
import type { Refusal } from "./blocker.ts";
import { markOf, markText } from "./cordon.ts";
import { decide, type Decisions } from "./decide.ts";
import { finalizer, isEnded, policyOf, viewDrain, type DrainView } from "./drain-view.ts";
import { scopeOf } from "./scope.ts";

const now = Date.parse("2026-11-28T12:00:00Z");
const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString();

const drainOf = (name: string, spec: Drain["spec"], status: DrainStatus = {}, metadata: object = {}): Drain => ({
  apiVersion: "plimsoll.dev/v1alpha1",
  kind: "Drain",
  metadata: { name, uid: `uid-${name}`, generation: 1, creationTimestamp: at(-60), finalizers: [finalizer], ...metadata },
  spec,
  status,
});

const node = (
  name: string,
  {
    cordonedBy = [],
    cordoned = cordonedBy.length > 0,
    ...more
  }: { cordonedBy?: string[]; cordoned?: boolean; labels?: Record<string, string> } = {},
): Node => ({
  metadata: {
    name,
    uid: `uid-${name}`,
    labels: { "kubernetes.io/hostname": name, ...more.labels },
    annotations: Object.fromEntries(cordonedBy.map((drain) => [markOf(`uid-${drain}`), markText(drain, now - 30_000)])),
  },
  spec: { unschedulable: cordoned },
  status: { allocatable: { cpu: "8", memory: "32Gi", pods: "50" }, conditions: [{ type: "Ready", status: "True" }] },
});

const owner = (name: string, kind = "ReplicaSet") => [{ apiVersion: "apps/v1", kind, name, uid: `uid-${name}`, controller: true }];

const pod = (
  name: string,
  on: string,
  { labels = {}, metadata = {}, spec = {} }: { labels?: Record<string, string>; metadata?: object; spec?: object } = {},
): Pod => ({
  metadata: {
    namespace: "shop",
    name,
    uid: `uid-${name}`,
    labels: { app: "web", "pod-template-hash": "1", ...labels },
    creationTimestamp: at(-3600),
    ownerReferences: owner("web-1"),
    ...metadata,
  },
  spec: { nodeName: on, containers: [{ name: "main", resources: { requests: { cpu: "100m" } } }], ...spec },
  status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }], startTime: at(-3600) },
});

interface World {
  drains: Drain[];
  nodes: Node[];
  pods?: Pod[];
  budgets?: Budget[];
  refusals?: ReadonlyMap<string, Refusal>;
}

/** What is decided about a world, by the planner itself. */
function decided({
  drains,
  nodes,
  pods = [],
  budgets = [],
  refusals = new Map(),
}: World): Decisions & { statusOf: (drain: string) => DrainStatus | undefined } {
  const cluster = new Cluster();
  const views = nodes.map((node) => nodeOf(node));
  for (const view of views) cluster.setNode(view);
  for (const one of pods) cluster.setPod(podOf(one));
  const find = (name: string): NodeView | undefined => views.find((view) => view.name === name);
  const scoped = drains.map((drain) => {
    const view = viewDrain(drain);
    return { drain: view, scope: scopeOf(view, views, find) };
  });
  const active = (drain: DrainView): boolean => !drain.isDeleted && !isEnded(drain);
  const plan = planDrain({
    cluster,
    budgets: () => budgets,
    inFlight: [],
    now,
    drains: scoped.flatMap(({ drain, scope }) => (active(drain) ? [{ nodes: scope.nodes, policy: policyOf(drain, now) }] : [])).slice(0, 1),
  });
  const decisions = decide({
    drains: scoped,
    plan,
    nodes: views,
    node: find,
    podsOn: (name) => cluster.podsOn(name),
    refusals,
    deleted: new Set(),
    now,
  });
  return { ...decisions, statusOf: (name) => decisions.statuses.get(`uid-${name}`) };
}

const names = (pods: readonly { pod: { name: string } }[]): string[] => pods.map(({ pod }) => pod.name);

test("what is known is said and the nodes are cordoned before anything is evicted", () => {
  const world = {
    drains: [drainOf("d", { nodes: ["a"] }, {}, { finalizers: [] })],
    nodes: [node("a"), node("b")],
    pods: [pod("web-x", "a")],
  };
  const first = decided(world);
  expect(first.hold.map(({ name }) => name)).toEqual(["d"]);
  expect(first.cordon.map(({ node }) => node.name)).toEqual(["a"]);
  expect(first.evict).toEqual([]);
  expect(first.statusOf("d")).toMatchObject({
    phase: "Running",
    progress: "0/1",
    left: 1,
    nodes: [{ name: "a", phase: "Draining", pods: 1, left: 1 }],
  });
  const second = decided({ ...world, nodes: [node("a", { cordonedBy: ["d"] }), node("b")] });
  expect(second.cordon).toEqual([]);
  expect(names(second.evict)).toEqual(["web-x"]);
});

test("a node that is not there fails the Drain, and nothing is done about the others", () => {
  const { cordon, evict, hold, statusOf } = decided({
    drains: [drainOf("d", { nodes: ["a", "nope"] }, {}, { finalizers: [] })],
    nodes: [node("a")],
  });
  expect([cordon, evict, hold]).toEqual([[], [], []]);
  expect(statusOf("d")).toMatchObject({
    phase: "Failed",
    message: 'there is no node "nope": nothing was changed',
    conditions: [{ type: "Valid", status: "False", reason: "NodeNotFound" }, { type: "Complete" }],
  });
});

test("a node that goes while it is drained counts as drained", () => {
  const status: DrainStatus = { startedAt: at(-60), nodes: [{ name: "a", phase: "Draining", pods: 2, finishedAt: at(-10) }] };
  expect(decided({ drains: [drainOf("d", { nodes: ["a"] }, status)], nodes: [node("b")] }).statusOf("d")).toMatchObject({
    phase: "Succeeded",
    progress: "1/1",
    nodes: [{ name: "a", phase: "Gone", left: 0 }],
  });
});

test("a selector takes in nodes that come, lets those go that lose the label, and remembers those that are gone", () => {
  const spec = { selector: { matchLabels: { pool: "x" } } };
  const status: DrainStatus = { startedAt: at(-60), nodes: ["a", "gone", "lost"].map((name) => ({ name, phase: "Draining" as const })) };
  const { statusOf, release, cordon } = decided({
    drains: [drainOf("d", spec, status)],
    nodes: [
      node("a", { cordonedBy: ["d"], labels: { pool: "x" } }),
      node("new", { labels: { pool: "x" } }),
      node("lost", { cordonedBy: ["d"] }),
    ],
  });
  expect(statusOf("d")?.nodes?.map(({ name, phase }) => [name, phase])).toEqual([
    ["a", "Drained"],
    ["gone", "Gone"],
    ["new", "Waiting"],
  ]);
  expect(release.map(({ node, uid }) => [node.name, uid])).toEqual([["lost", "uid-d"]]);
  expect(cordon.map(({ node }) => node.name)).toEqual(["new"]);
});

test("a node that somebody has uncordoned is left alone, and stays so though it is cordoned again", () => {
  const drain = drainOf("d", { nodes: ["a", "b"] }, { startedAt: at(-60) });
  const pods = [pod("web-x", "a")];
  const seen = decided({
    drains: [drain],
    nodes: [node("a", { cordonedBy: ["d"], cordoned: false }), node("b", { cordonedBy: ["d"] }), node("c")],
    pods,
  });
  expect(seen.statusOf("d")?.nodes).toMatchObject([
    { name: "a", phase: "Released" },
    { name: "b", phase: "Drained" },
  ]);
  expect(seen.release.map(({ node }) => node.name)).toEqual(["a"]);
  const later = decided({
    drains: [{ ...drain, status: seen.statusOf("d") }],
    nodes: [node("a", { cordoned: true }), node("b", { cordonedBy: ["d"] }), node("c")],
    pods,
  });
  expect([later.cordon, later.evict, later.release]).toEqual([[], [], []]);
});

test.each<[string, Drain]>([
  ["deleted", drainOf("d", { nodes: ["a"] }, { startedAt: at(-60), phase: "Succeeded" }, { deletionTimestamp: at(-1) })],
  ["failed", drainOf("d", { nodes: ["a"] }, { startedAt: at(-60), phase: "Failed" })],
  ["gone", drainOf("other", { nodes: ["b"] }, { startedAt: at(-60), phase: "Succeeded" })],
])("what a Drain has cordoned that is %s is let go", (_, drain) => {
  expect(
    decided({ drains: [drain], nodes: [node("a", { cordonedBy: ["d"] }), node("b")] }).release.map(({ node, uid }) => [node.name, uid]),
  ).toEqual([["a", "uid-d"]]);
});

test("one that has succeeded keeps its nodes cordoned, and a deleted one stays until all is undone", () => {
  const status: DrainStatus = { startedAt: at(-60), phase: "Succeeded" };
  const nodes = [node("a", { cordonedBy: ["d"] })];
  expect(decided({ drains: [drainOf("d", { nodes: ["a"] }, status)], nodes }).release).toEqual([]);
  const deleted = drainOf("d", { nodes: ["a"] }, status, { deletionTimestamp: at(-1) });
  expect(decided({ drains: [deleted], nodes }).letGo).toEqual([]);
  expect(decided({ drains: [deleted], nodes: [node("a")] }).letGo.map(({ name }) => name)).toEqual(["d"]);
  const surges = [{ namespace: "shop", deployment: "web", uid: "u", replicas: 1, surged: 2, resourceVersion: "1" }];
  const surged = decided({ drains: [{ ...deleted, status: { ...status, surges } }], nodes: [node("a")] });
  expect([surged.letGo.length, surged.restore.length]).toEqual([0, 1]);
});

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

test("what may not be evicted without leave isn't deleted either", () => {
  const spec = { nodes: ["a"], timeout: "1m", onTimeout: "delete" as const };
  const status: DrainStatus = { startedAt: at(-90), nodes: [{ name: "a", phase: "Blocked", startedAt: at(-61) }] };
  const pods = [pod("bare", "a", { metadata: { ownerReferences: [] } }), pod("web-x", "a")];
  expect(
    names(decided({ drains: [drainOf("d", spec, status)], nodes: [node("a", { cordonedBy: ["d"] }), node("b")], pods }).remove),
  ).toEqual(["web-x"]);
});

test("of two Drains of one node both keep it cordoned, and the older one surges", () => {
  const drains = [
    drainOf("old", { nodes: ["a"], surge: true }, { startedAt: at(-60) }),
    drainOf("new", { nodes: ["a"] }, { startedAt: at(-30) }),
  ];
  const nodes = [node("a", { cordonedBy: ["old"] }), node("b")];
  const { cordon, surge, statusOf } = decided({ drains, nodes, pods: [pod("web-x", "a")] });
  expect(cordon.map(({ drain }) => drain.name)).toEqual(["new"]);
  expect(surge.map(({ drain }) => drain.name)).toEqual(["old"]);
  expect([statusOf("old")?.left, statusOf("new")?.left]).toEqual([1, 1]);
  const first = { ...drains[0], metadata: { ...drains[0]?.metadata, deletionTimestamp: at(-1) } } as Drain;
  const both = [node("a", { cordonedBy: ["old", "new"] }), node("b")];
  expect(decided({ drains: [first, ...drains.slice(1)], nodes: both }).release.map(({ uid }) => uid)).toEqual(["uid-old"]);
});

test("a Deployment has its scale again when its pods have moved, and not before", () => {
  const surges = [{ namespace: "shop", deployment: "web", uid: "u", replicas: 1, surged: 2, resourceVersion: "1" }];
  const drain = drainOf("d", { nodes: ["a"], surge: true }, { startedAt: at(-60), surges });
  const nodes = [node("a", { cordonedBy: ["d"] }), node("b")];
  const ending = pod("web-x", "a", { metadata: { deletionTimestamp: at(30) } });
  expect(decided({ drains: [drain], nodes, pods: [pod("web-x", "a"), pod("web-y", "b")] }).restore).toEqual([]);
  expect(decided({ drains: [drain], nodes, pods: [ending, pod("web-y", "b")] }).restore).toHaveLength(1);
  // It isn't over before.
  expect(decided({ drains: [drain], nodes, pods: [pod("web-y", "b")] }).statusOf("d")?.phase).toBe("Running");
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
