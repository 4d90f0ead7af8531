import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { config } from "./config.ts";
import { InventoryMetrics, type Figures } from "./metrics.ts";
import { Places } from "./places.ts";

const none = (): [] => [];
const figures: Figures = {
  nodes: none,
  namespaces: none,
  kinds: none,
  pipelines: none,
  readyNodes: none,
  pendingPods: none,
  claims: none,
  claimBytes: none,
  volumeBytes: none,
  budgets: none,
  autoscalers: none,
  custom: none,
  usageAt: none,
};

/** The lines of a metric, without its name. */
async function lines(registry: Registry, name: string): Promise<string[]> {
  const text = await registry.metrics();
  return text
    .split("\n")
    .flatMap((line) => (line.startsWith(`plimsoll_inventory_${name}`) ? [line.slice(`plimsoll_inventory_${name}`.length)] : []));
}

test("until it leads, a process has no series", async () => {
  const registry = new Registry();
  const metrics = new InventoryMetrics(registry, config.parse({}));
  expect((await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
  metrics.tell({ ...figures, pendingPods: () => [{ labels: {}, value: 3 }] });
  expect(await lines(registry, "pending_pods")).toEqual([" 3"]);
});

test("what has no series of its own is added up, so that nothing is missing from the sum", async () => {
  const registry = new Registry();
  const metrics = new InventoryMetrics(registry, config.parse({ series: { namespaces: 2 }, resources: ["cpu"] }));
  metrics.tell({
    ...figures,
    namespaces: () =>
      [1, 2, 3, 4].map((index) => ({
        labels: { in_namespace: `ns-${index}` },
        pods: index,
        requested: { cpu: 1_500, memory: 1 },
        without: { cpu: 0, memory: index },
      })),
  });
  expect(await lines(registry, "namespace_pods{")).toEqual([
    'in_namespace="ns-1"} 1',
    'in_namespace="ns-2"} 2',
    'in_namespace="(other)"} 7',
  ]);
  expect(await lines(registry, "namespace_requested{")).toEqual([
    'in_namespace="ns-1",resource="cpu"} 1.5',
    'in_namespace="ns-2",resource="cpu"} 1.5',
    'in_namespace="(other)",resource="cpu"} 3',
  ]);
  expect(await lines(registry, 'namespace_pods_without_request{in_namespace="(other)"')).toEqual([
    ',resource="cpu"} 0',
    ',resource="memory"} 7',
  ]);
});

test("a name keeps its place until it is gone, and leaves it to another then", () => {
  const places = new Places(2);
  expect([...places.labels(["a", "b", "c"]).values()]).toEqual(["a", "b", "(other)"]);
  expect([...places.labels(["c", "b", "a"]).values()]).toEqual(["(other)", "b", "a"]);
  expect([...places.labels(["c", "b"]).values()]).toEqual(["c", "b"]);
  expect([...new Places(0).labels(["a"]).values()]).toEqual(["(other)"]);
});
