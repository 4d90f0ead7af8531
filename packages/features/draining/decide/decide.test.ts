import type { Drain, DrainStatus } from "@plimsoll/api";
import { expect, test } from "vitest";
import { at, decided, drainOf, names, node, pod } from "../testing/decided.ts";

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

test("one node and one pod are told as one", () => {
  const world = { nodes: [node("a", { cordonedBy: ["d"] }), node("b")], pods: [pod("web-x", "a")] };
  const running: DrainStatus = { startedAt: at(-60), nodes: [{ name: "a", phase: "Draining", pods: 1, left: 1, startedAt: at(-60) }] };
  const messageOf = (spec: Drain["spec"]) =>
    decided({ ...world, drains: [drainOf("d", { nodes: ["a"], ...spec }, running)] })
      .statusOf("d")
      ?.conditions?.find(({ type }) => type === "Complete")?.message;
  expect(messageOf({})).toBe("0 of 1 node drained");
  expect(messageOf({ timeout: "30s" })).toMatch(/^the node a was not drained within 30s: 1 pod still to go/);
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
