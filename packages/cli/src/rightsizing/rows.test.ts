import type { Recommendation, RightSizingPolicy } from "@plimsoll/api";
import { priceBook, ratesOf, unit } from "@plimsoll/model";
import { expect, test } from "vitest";
import { rowsOf } from "./rows.ts";

const gibi = 1024 ** 3;
const one = (of: Partial<Recommendation>): Recommendation => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  name: "web",
  container: "app",
  pods: 4,
  current: { cpu: "1", memory: "2Gi" },
  target: { cpu: "250m", memory: "1Gi" },
  confidence: 50,
  samples: 100,
  reason: "Recommended",
  ...of,
});
const policy = (namespace: string, ...recommendations: Recommendation[]): RightSizingPolicy => ({
  apiVersion: "plimsoll.dev/v1alpha1",
  kind: "RightSizingPolicy",
  metadata: { namespace, name: "all" },
  spec: {},
  status: { recommendations },
});
const { target: _, ...unseen } = one({ container: "proxy", current: { cpu: "100m" }, confidence: 0, samples: 0, reason: "NoSamples" });
const policies = [policy("b", one({ name: "api", pods: 1, target: { cpu: "2", memory: "2Gi" } })), policy("a", one({}), unseen)];

test("a container's line is of one pod, and what it saves of all", () => {
  expect(rowsOf(policies, "container", undefined)).toMatchObject([
    { namespace: "a", name: "web", container: "app", pods: 4, cpu: 1_000, cpuTarget: 250, cpuSaved: 3_000, memorySaved: 4 * gibi },
    { namespace: "a", name: "web", container: "proxy", cpu: 100, cpuTarget: 100, cpuSaved: 0, recommended: 0, reasons: ["NoSamples"] },
    { namespace: "b", name: "api", pods: 1, cpuSaved: -1_000, memorySaved: 0 },
  ]);
});

test("a workload's line is of all its pods, each counted once", () => {
  expect(rowsOf(policies, "workload", undefined)).toMatchObject([
    { name: "web", container: "", pods: 4, containers: 2, recommended: 1, cpu: 4_400, cpuTarget: 1_400, cpuSaved: 3_000, confidence: 0 },
    { name: "api", pods: 1, cpu: 1_000, cpuTarget: 2_000 },
  ]);
});

test("by which autoscaler something is held stands with it", () => {
  const heldBy = [{ kind: "HorizontalPodAutoscaler" as const, name: "web", resources: ["cpu" as const] }];
  const [row] = rowsOf([policy("a", one({ heldBy }), one({ container: "proxy", heldBy }))], "workload", undefined);
  expect(row?.heldBy).toEqual(["HorizontalPodAutoscaler/web (cpu)"]);
});

test("what stands in two policies is the one's that has its pods", () => {
  const [stale, held] = [policy("a", one({ pods: 0, target: { cpu: "5", memory: "5Gi" } })), policy("a", one({}))];
  for (const both of [
    [stale, held],
    [held, stale],
  ])
    expect(rowsOf(both, "workload", undefined)).toMatchObject([{ pods: 4, containers: 1, cpuSaved: 3_000, memorySaved: 4 * gibi }]);
});

test("a kind of another group is another, though it has the same name", () => {
  const both = policy("a", one({ pods: 1 }), one({ pods: 1, apiVersion: "example.org/v1" }));
  const rows = [
    { group: "apps", name: "web", pods: 1, cpu: 1_000, cpuSaved: 750 },
    { group: "example.org", name: "web", pods: 1, cpu: 1_000, cpuSaved: 750 },
  ];
  expect(rowsOf([both], "container", undefined)).toMatchObject(rows);
  expect(rowsOf([both], "workload", undefined)).toMatchObject(rows);
  expect(rowsOf([both], "namespace", undefined)).toMatchObject([{ pods: 2, cpu: 2_000 }]);
  // Of another version of the same group, it is the same.
  expect(rowsOf([policy("a", one({ apiVersion: "apps/v1beta1" })), policy("a", one({ pods: 0 }))], "workload", undefined)).toHaveLength(1);
});

test("what is no quantity counts as nothing", () => {
  const odd = policy("a", one({ current: { cpu: "x", memory: "2Gi" }, target: { cpu: "1", memory: "lots" } }));
  expect(rowsOf([odd], "container", undefined)).toMatchObject([{ cpu: 0, cpuTarget: 1_000, memory: 2 * gibi, memoryTarget: 0 }]);
});

test("a namespace's line adds up its workloads", () => {
  const more = [...policies, policy("a", one({ kind: "CronJob", name: "nightly", pods: 2 }))];
  expect(rowsOf(more, "namespace", undefined)).toMatchObject([
    { namespace: "a", name: "", pods: 6, containers: 3, recommended: 2, cpuSaved: 4_500, reasons: ["Recommended", "NoSamples"] },
    { namespace: "b", pods: 1 },
  ]);
});

test("what is saved costs what the nodes' cores and memory cost on average", () => {
  const book = priceBook.parse({
    version: "plimsoll.dev/prices/v1",
    weights: { cpu: 1, memory: 0.25, gpu: 0 },
    prices: [{ instances: { small: 2, large: 4 } }],
  });
  const node = (type: string, cores: number) => ({
    labels: { "node.kubernetes.io/instance-type": type },
    capacity: {},
    allocatable: { cpu: cores * 1_000, memory: 4 * cores * gibi },
  });
  // Half of each price is for cores: 1 for 4 of them, and 2 for 4.
  const rates = ratesOf([node("small", 4), node("large", 4), node("unpriced", 64)], book);
  expect(rates).toEqual({ cpu: (3 / 8) * unit, memory: (3 / 32) * unit });
  const [row] = rowsOf(policies, "container", rates);
  expect((row?.saved ?? 0) / unit).toBeCloseTo(3 * (3 / 8) + 4 * (3 / 32), 9);
  expect(ratesOf([node("unpriced", 4)], book)).toBeUndefined();
});
