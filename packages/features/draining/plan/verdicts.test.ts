import { budgetOf, Cluster, nodeOf, podOf, type PodView } from "@plimsoll/model";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test, vi } from "vitest";
import { explain, isOver, planDrain, rehearse, type DrainPolicy, type DrainRequest, type NodesToDrain, type Surge } from "./index.ts";

const now = Date.UTC(2026, 10, 1);
const minute = 60_000;
const policy: DrainPolicy = { maxParallel: 1, jobsUntil: now, surge: false, evictsUnmanaged: false, deletesLocalData: false };

const iso = (time: number): string => new Date(time).toISOString();

type More = Omit<Partial<Pod>, "kind"> & { kind?: string; owner?: string; node?: string };

/** A ready pod of a ReplicaSet's on the node that is drained, unless told otherwise. */
function made(name: string, { kind = "ReplicaSet", owner = "app", node = "old", ...more }: More): PodView {
  const apiVersion = kind === "Job" ? "batch/v1" : "apps/v1";
  return podOf({
    metadata: {
      namespace: "ns",
      name,
      uid: name,
      labels: { app: owner },
      creationTimestamp: iso(now - 60 * minute),
      ...(kind !== "" && { ownerReferences: [{ apiVersion, kind, name: owner, uid: owner, controller: true }] }),
      ...more.metadata,
    },
    spec: { nodeName: node, containers: [{ name: "main", resources: { requests: { cpu: "1" } } }], ...more.spec },
    status: { phase: "Running", startTime: iso(now - 10 * minute), conditions: [{ type: "Ready", status: "True" }], ...more.status },
  });
}

function request(pods: PodView[], more: Partial<DrainPolicy> = {}, budgets: object[] = [], cpu = "4"): DrainRequest {
  const cluster = new Cluster();
  for (const name of ["old", "new"]) cluster.setNode(nodeOf({ metadata: { name }, status: { allocatable: { cpu, pods: "10" } } }));
  for (const pod of pods) cluster.setPod(pod);
  const made = budgets.map((budget, at) =>
    budgetOf({ metadata: { namespace: "ns", name: `budget-${at}`, resourceVersion: "1", generation: 1 }, ...budget }),
  );
  return { cluster, budgets: () => made, drains: [{ nodes: ["old"], policy: { ...policy, ...more } }], inFlight: [], now };
}

const told = (asked: DrainRequest): Record<string, string> =>
  Object.fromEntries([...planDrain(asked).verdicts.values()].map(({ pod, verdict }) => [pod.name, explain(verdict)]));

const app = { selector: { matchLabels: { app: "app" } } };
const counted = { observedGeneration: 1, disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 };

test("pods of DaemonSets, of files, and those that have ended, needn't go", () => {
  const mirror = { metadata: { annotations: { "kubernetes.io/config.mirror": "x" } } };
  const asked = request([
    made("daemon", { kind: "DaemonSet" }),
    made("mirror", { kind: "Node", ...mirror }),
    made("ended", { kind: "", status: { phase: "Succeeded" } }),
  ]);
  expect(told(asked)).toEqual({
    daemon: "stays: a DaemonSet would make it again at once",
    mirror: "stays: the kubelet runs it from a file",
    ended: "stays: it has ended",
  });
  expect(planDrain(asked).left).toEqual(new Map([["old", 0]]));
});

test("pods that nothing makes again, and local data, are refused unless allowed, and nothing else of their node is evicted", () => {
  const pods = [
    made("bare", { kind: "" }),
    made("cache", { owner: "b", spec: { containers: [], volumes: [{ name: "tmp", emptyDir: {} }] } }),
    made("web", {}),
  ];
  expect(told(request(pods))).toEqual({
    bare: "has no controller that would make it again",
    cache: "has local data in tmp (emptyDir), which would be lost",
    web: "waits: other pods of its node may not be evicted",
  });
  const allowed = planDrain(request(pods, { evictsUnmanaged: true, deletesLocalData: true }));
  expect(allowed.evict.map(({ pod, to }) => [pod.name, to])).toEqual([
    ["bare", undefined],
    ["web", "new"],
    ["cache", "new"],
  ]);
});

test("pods that would find no node are told why before anything is cordoned", () => {
  const pods = [
    made("a", { owner: "a" }),
    made("b", { owner: "b" }),
    made("large", { owner: "c", spec: { containers: [{ name: "main", resources: { requests: { cpu: "9" } } }] } }),
  ];
  const asked = request([...pods, made("there", { node: "new", owner: "d" })], {}, [], "2");
  expect(told(asked)).toEqual({
    a: "may be evicted: there is room on new",
    b: "would find no node beside the others that have to move: 0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.",
    large: "would find no node: 0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.",
  });
  expect(asked.cluster.node("old")?.isUnschedulable).toBe(false);
});

test.each([
  [
    { spec: { ...app, maxUnavailable: 0 } },
    {},
    "is never let go by the PodDisruptionBudget budget-0 (maxUnavailable: 0), which allows none to be missing",
  ],
  [
    { spec: { ...app, minAvailable: "100%" } },
    {},
    "is never let go by the PodDisruptionBudget budget-0 (minAvailable: 100%), which allows none to be missing",
  ],
  [
    {
      spec: { ...app, maxUnavailable: 1 },
      status: {
        ...counted,
        conditions: [{ type: "DisruptionAllowed", reason: "SyncFailed", message: "jobs.batch does not implement the scale subresource" }],
      },
    },
    { kind: "Job" },
    "is never let go by the PodDisruptionBudget budget-0 (maxUnavailable: 1), which needs a controller with a scale: jobs.batch does not implement the scale subresource; minAvailable as a number would do",
  ],
  [
    { spec: { ...app, minAvailable: 1 }, status: counted },
    {},
    "is held by the PodDisruptionBudget budget-0 (minAvailable: 1), which wants 1 healthy pod of 1: it lets none go until there are more",
  ],
  [
    { spec: { ...app, minAvailable: 1 }, status: { ...counted, expectedPods: 2 } },
    {},
    "waits for the PodDisruptionBudget budget-0: it allows 0 now, wants 1 healthy pod and has 1",
  ],
  [{ spec: { ...app, maxUnavailable: 1 }, status: { ...counted, disruptionsAllowed: 1 } }, {}, "may be evicted: there is room on new"],
])("what a budget says is told as what it is: %j", (budget, pod, words) => {
  expect(told(request([made("a", pod)], {}, [budget]))).toEqual({ a: words });
});

test("a pod under two budgets is told to be refused for ever, unless it isn't running", () => {
  const budgets = [{ spec: { ...app, minAvailable: 0 } }, { spec: { selector: {}, minAvailable: 0 } }];
  const [running, pending] = [made("a", {}), made("b", { owner: "app", status: { phase: "Pending" } })];
  expect(told(request([running, pending], {}, budgets))).toEqual({
    a: "is selected by 2 PodDisruptionBudgets (budget-0, budget-1): the eviction API refuses such a pod with 500, always",
    b: "may be evicted: there is room on new",
  });
});

test.each([
  ["the default, while enough are healthy", {}, { currentHealthy: 1, desiredHealthy: 1, expectedPods: 2 }, true],
  ["the default, while too few are healthy", {}, { currentHealthy: 0, desiredHealthy: 1, expectedPods: 2 }, false],
  ["AlwaysAllow", { unhealthyPodEvictionPolicy: "AlwaysAllow" }, { currentHealthy: 0, desiredHealthy: 1, expectedPods: 2 }, true],
])("a pod that isn't ready is let go by %s: %j", (_, spec, status, goes) => {
  const pod = made("a", { status: { phase: "Running", conditions: [{ type: "Ready", status: "False" }] } });
  const budget = { spec: { ...app, minAvailable: 1, ...spec }, status: { observedGeneration: 1, disruptionsAllowed: 0, ...status } };
  expect(planDrain(request([pod], {}, [budget])).evict.length).toBe(goes ? 1 : 0);
});

test("a budget that allows one lets one go at a time, also when its status doesn't know of the first yet", () => {
  const pods = ["a", "b"].map((name) => made(name, {}));
  const budget = { spec: { ...app, maxUnavailable: 1 }, status: { ...counted, disruptionsAllowed: 1, currentHealthy: 3, expectedPods: 3 } };
  const asked = request([...pods, made("c", { node: "new" })], {}, [budget]);
  const first = planDrain(asked);
  expect(first.evict.map(({ pod }) => pod.name)).toEqual(["a"]);
  expect(planDrain({ ...asked, inFlight: first.evict }).evict).toEqual([]);
});

test("jobs are given time; those that would not end in time, by their limit or as their siblings show, are moved first", () => {
  const job = (name: string, more: More = {}): PodView => made(name, { kind: "Job", owner: name, ...more });
  const done = (name: string, owner: string, minutes: number): PodView => ({
    ...job(name, { owner, status: { phase: "Succeeded", startTime: iso(now) } }),
    finishedAt: now + minutes * minute,
  });
  const limited = (activeDeadlineSeconds: number): Partial<Pod> => ({ spec: { containers: [], activeDeadlineSeconds } });
  const asked = request(
    [
      made("web", {}),
      job("unknown"),
      job("short", limited(15 * 60)),
      job("long", limited(60 * 60)),
      job("quick"),
      done("quick-0", "quick", 12),
      job("slow"),
      done("slow-0", "slow", 70),
      job("limited-by-its-job"),
    ],
    { jobsUntil: now + 30 * minute },
  );
  const plan = planDrain({ ...asked, jobDeadline: ({ name }) => (name === "limited-by-its-job" ? now + 2 * minute : undefined) });
  expect(plan.evict.map(({ pod }) => pod.name)).toEqual(["slow", "long", "web"]);
  const waits = [...plan.verdicts.values()]
    .filter(({ verdict }) => verdict.kind === "waits")
    .map(({ pod, verdict }) => [pod.name, "until" in verdict && verdict.until - now]);
  expect(Object.fromEntries(waits)).toEqual({
    unknown: 30 * minute,
    short: 5 * minute,
    quick: 30 * minute,
    "limited-by-its-job": 2 * minute,
  });
  expect(planDrain({ ...asked, now: now + 30 * minute }).evict.map(({ pod }) => pod.name)).toContain("unknown");
});

test("a workload's only pod, and one that its budget holds, wait for one more replica", () => {
  const held = { spec: { ...app, minAvailable: 1 }, status: counted };
  const asked = request([made("a", {})], { surge: true }, [held]);
  const plan = planDrain(asked);
  const named = ({ pod, budget }: Surge) => [pod.name, budget?.name];
  expect([plan.evict, plan.surge.map(named)]).toEqual([[], [["a", "budget-0"]]]);
  const alone = request([made("a", {})], { surge: true });
  expect(planDrain(alone).surge.map(named)).toEqual([["a", undefined]]);
  expect(rehearse(alone).map(({ evict, surge }) => [evict.length, surge.length])).toEqual([
    [0, 1],
    [1, 0],
    [0, 0],
  ]);
  expect(rehearse(asked).at(-1)?.left).toEqual(new Map([["old", 0]]));
  alone.cluster.setPod(made("a-more", { node: "new" }));
  expect(planDrain(alone).evict.map(({ pod }) => pod.name)).toEqual(["a"]);
});

test("the last that is ready waits while its sibling is on its way", () => {
  const asked = request([made("a", {}), made("b", {})]);
  const plan = planDrain(asked);
  expect(plan.evict.map(({ pod }) => pod.name)).toEqual(["a"]);
  expect(told(asked)["b"]).toBe("waits for a sibling to be ready: it is the last that is");
});

test("room is kept for those that come: pods that wait for a node, and successors of those that were evicted", () => {
  const asked = request([made("a", { owner: "a" }), made("b", { owner: "b" })], {}, [], "1");
  const first = planDrain(asked);
  expect(first.evict.map(({ pod }) => pod.name)).toEqual(["a"]);
  expect(planDrain({ ...asked, inFlight: first.evict }).evict).toEqual([]);
  const waiting = podOf({
    metadata: { namespace: "ns", name: "w", uid: "w" },
    spec: { containers: [{ name: "main", resources: { requests: { cpu: "1" } } }] },
  });
  asked.cluster.setPod(waiting);
  expect(planDrain(asked).evict).toEqual([]);
});

test("a successor is known by what it is, not by its time: the API server's clock is another, and its answer may come after it", () => {
  const asked = request([made("a", { owner: "a" })]);
  const [sent] = planDrain(asked).evict.map((eviction) => ({ ...eviction, at: now + 9_000 }));
  if (sent === undefined) throw new Error("nothing is evicted");
  asked.cluster.deletePod("a");
  expect(isOver(sent, asked)).toBe(false);
  asked.cluster.setPod({ ...made("a-next", { owner: "a", node: "new" }), createdAt: now - 60_000 });
  expect(isOver(sent, asked)).toBe(true);
});

test("no more nodes at a time than allowed, and the one that has begun first", () => {
  const asked = request([made("a", { owner: "a" }), made("b", { owner: "b", node: "older" }), made("c", { owner: "c", node: "older" })]);
  asked.cluster.setNode(nodeOf({ metadata: { name: "older" }, status: { allocatable: { cpu: "4", pods: "10" } } }));
  const drains = (maxParallel: number): NodesToDrain[] => [{ nodes: ["older", "old"], policy: { ...policy, maxParallel } }];
  const names = (more: Partial<DrainRequest>) => planDrain({ ...asked, drains: drains(1), ...more }).evict.map(({ pod }) => pod.name);
  expect(names({})).toEqual(["a"]);
  expect(names({ drains: drains(2) })).toEqual(["a", "b", "c"]);
  const [b] = planDrain({ ...asked, drains: [{ nodes: ["older"], policy }] }).evict;
  expect(names({ inFlight: b === undefined ? [] : [b] })).toEqual(["c"]);
});

test("pods that were found nodes for all together aren't placed again until another has to go", () => {
  const pods = Array.from({ length: 4 }, (_, at) => made(`p${at}`, {}));
  const held = { ...app, maxUnavailable: 1 };
  const status = { ...counted, disruptionsAllowed: 0, currentHealthy: 3, desiredHealthy: 3, expectedPods: 4 };
  const asked = request(pods, { maxParallel: 1 }, [{ spec: held, status }], "6");
  const { housed } = planDrain(asked);
  expect([...(housed?.uids ?? [])].toSorted()).toEqual(["p0", "p1", "p2", "p3"]);

  const place = vi.spyOn(asked.cluster, "place");
  const again = planDrain({ ...asked, housed });
  expect(place).not.toHaveBeenCalled();
  expect(again.housed).toBe(housed);
  expect(again.verdicts).toEqual(planDrain(asked).verdicts);
  place.mockClear();
  expect(planDrain({ ...asked, housed, now: now + minute }).housed).toEqual({ uids: housed?.uids, since: now + minute });
  expect(place).toHaveBeenCalled();

  asked.cluster.setPod(made("p4", {}));
  asked.cluster.setPod(made("large", { spec: { containers: [{ name: "main", resources: { requests: { cpu: "5" } } }] } }));
  const late = planDrain({ ...asked, housed });
  expect(late.housed).toBeUndefined();
  expect([...late.verdicts.values()].some(({ verdict }) => verdict.kind === "homeless")).toBe(true);
});
