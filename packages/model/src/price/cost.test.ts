import { expect, test } from "vitest";
import { runHistoryOf } from "../inventory/history.ts";
import { nodeOf } from "../node.ts";
import { podOf } from "../pod.ts";
import { readSnapshot, snapshotVersion, type Snapshot } from "../inventory/snapshot.ts";
import { priceBook, priceBookVersion } from "./book.ts";
import { costOf } from "./cost.ts";
import { unit } from "./money.ts";
import { spentOf } from "./spent.ts";

const at = (time: string) => `2026-01-02T${time}:00Z`;
const node = (name: string, labels = {}) =>
  nodeOf({
    metadata: { name, uid: name, labels, creationTimestamp: at("00:00") as never },
    status: { capacity: { cpu: "4", memory: "16Gi" }, allocatable: { cpu: "4", memory: "16Gi" } },
  });
interface More {
  node?: string;
  requests?: Record<string, string>;
  start?: string;
  end?: string;
  run?: string;
  step?: string;
}
const pod = (
  namespace: string,
  name: string,
  { node, requests = { cpu: "1", memory: "4Gi" }, start = "08:00", end, run, step }: More = {},
) => ({
  metadata: {
    namespace,
    name,
    uid: `uid-${name}`,
    creationTimestamp: at(start) as never,
    ...(step === undefined ? {} : { labels: { "plimsoll.dev/step": step } }),
    ...(run === undefined
      ? {}
      : {
          ownerReferences: [{ apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", name: run, uid: `uid-${run}`, controller: true }],
        }),
  },
  spec: { ...(node === undefined ? {} : { nodeName: node }), containers: [{ name: "c", resources: { requests } }] },
  status: {
    phase: end === undefined ? (node === undefined ? "Pending" : "Running") : "Succeeded",
    ...(node === undefined ? {} : { startTime: at(start) as never }),
    ...(end === undefined
      ? {}
      : { containerStatuses: [{ name: "c", state: { terminated: { exitCode: 0, finishedAt: at(end) as never } } }] as never }),
  },
});
const pods = [
  pod("shop", "web", { node: "a" }),
  pod("shop", "bare", { node: "a", requests: {} }),
  pod("shop", "mute", { node: "a", requests: {} }),
  pod("shop", "waits"),
  pod("lab", "far", { node: "own" }),
  pod("lab", "done", { node: "a", start: "07:00", end: "09:00", run: "digits-1", step: "load" }),
];
const run = {
  metadata: { namespace: "lab", name: "digits-1", uid: "uid-digits-1" },
  spec: { pipelineRef: { name: "digits" } },
  status: {
    pipeline: {
      steps: [
        { name: "load" },
        { name: "train", parallelism: 2, resources: { requests: { cpu: "1" }, limits: { cpu: "2", memory: "4Gi" } } },
      ],
    },
    steps: {
      load: { startedAt: at("07:00"), finishedAt: at("09:00") },
      train: { startedAt: at("09:00"), finishedAt: at("10:00"), items: { total: 9 } },
      choose: {},
    },
  },
};
const snapshot: Snapshot = {
  version: snapshotVersion,
  takenAt: at("10:00"),
  kubernetes: "v1.36.3",
  nodes: [node("a", { pool: "paid" }), node("own")],
  pods: pods.map(podOf),
  controllers: [{ kind: "PipelineRun", namespace: "lab", name: "digits-1", uid: "uid-digits-1", owner: undefined, pipeline: "digits" }],
  claims: [],
  volumes: [],
  budgets: [],
  autoscalers: [],
  usage: {
    nodes: [],
    pods: [
      { namespace: "shop", name: "web", used: { cpu: 500, memory: 4 * 1024 ** 3 } },
      { namespace: "shop", name: "bare", used: { cpu: 1_000, memory: 0 } },
    ],
  },
  custom: [],
  history: {
    runs: [runHistoryOf(run)],
  },
};
// A core and four GiB are half of what they cost together: of the node's eight an hour, a core costs one, and four GiB the other.
const book = priceBook.parse({
  version: priceBookVersion,
  weights: { cpu: 4, memory: 1, gpu: 0 },
  prices: [{ labels: { pool: "paid" }, perHour: 8 }],
});

test("what each costs now and what is idle are the price of the nodes that have one; pods that nothing is paid for are told", () => {
  const { total, idle, rows, nodes } = costOf(snapshot, book, { by: "namespace" });
  expect(total / unit).toBe(8);
  expect(nodes.map(({ name, perHour }) => [name, perHour])).toEqual([
    ["a", 8 * unit],
    ["own", undefined],
  ]);
  expect(rows).toMatchObject([
    { name: "lab", pods: 1, cost: 0, unpriced: 1, without: 0, pending: 0 },
    {
      name: "shop",
      pods: 4,
      cost: 3 * unit,
      ofCpu: 2 * unit,
      ofMemory: unit,
      without: 2,
      pending: 1,
      measured: 3 * unit,
      used: 2.5 * unit,
    },
  ]);
  expect(idle + rows.reduce((all, { cost }) => all + cost, 0)).toBe(total);
});

test("a node costs its price, with what is idle of it", () => {
  expect(costOf(snapshot, book, { by: "node" }).rows).toMatchObject([
    { name: "a", cost: 8 * unit, idle: 5 * unit, pods: 3 },
    { name: "own", cost: 0, idle: 0, pods: 1, unpriced: 1 },
    { name: undefined, pods: 1, pending: 1 },
  ]);
});

const spent = (by: Parameters<typeof spentOf>[2]["by"], since: string) =>
  spentOf(snapshot, book, { by, since: Date.parse(at(since)), until: Date.parse(at("10:00")) });

test("a run has cost what its pods did while they ran, and at most what its steps' pods did that are gone", () => {
  const { rows, nodes, unaccounted, elsewhere } = spent("run", "08:00");
  expect(rows).toEqual([
    // From 8 to 9 for a core and four GiB; then two of the nine items at once for an hour, each for a core and four GiB.
    { name: "digits-1", namespace: "lab", kind: undefined, pods: 1, seconds: 3_600, cost: 2 * unit, atMost: 4 * unit, without: 0 },
    {
      name: undefined,
      namespace: undefined,
      kind: undefined,
      pods: 4,
      seconds: 4 * 7_200,
      cost: (4 + 2 + 4) * unit,
      atMost: 0,
      without: 2,
    },
  ]);
  expect(nodes).toBe(16 * unit);
  expect(unaccounted).toBe((16 - 2 - 4 - 2) * unit);
  expect(elsewhere).toBe(1);
});

test("only what lies in the time counts, under the pipeline's name too", () => {
  expect(spent("pipeline", "09:30").rows[0]).toMatchObject({ name: "digits", namespace: "lab", pods: 0, cost: 0, atMost: 2 * unit });
  expect(spent("namespace", "09:30").rows).toMatchObject([
    { name: "lab", cost: unit, atMost: 2 * unit },
    { name: "shop", cost: 1.5 * unit, atMost: 0 },
  ]);
});

test("a snapshot with what is over is read as it was written, and one of before has none", () => {
  expect(readSnapshot(JSON.stringify(snapshot))).toEqual(JSON.parse(JSON.stringify(snapshot)));
  const { history: _, ...before } = snapshot;
  expect(readSnapshot(JSON.stringify(before)).history).toBeUndefined();
});
