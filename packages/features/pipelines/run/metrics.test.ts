import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { PipelinesMetrics } from "./metrics.ts";
import type { RunView } from "./runs.ts";

const view = (pipeline: string, phase: string): RunView => ({ pipeline, phase }) as RunView;

test("runs are counted by pipeline and phase, and nothing is left of a pipeline without runs", async () => {
  const registry = new Registry();
  const metrics = new PipelinesMetrics(registry);
  const series = async (): Promise<unknown[]> => {
    const told = await registry.getSingleMetric("plimsoll_pipelines_runs")?.get();
    return told?.values.map(({ labels, value }) => [labels["pipeline"], labels["phase"], value]) ?? [];
  };
  metrics.observe({ type: "add", object: view("p", "Pending") });
  metrics.observe({ type: "add", object: view("p", "Pending") });
  metrics.observe({ type: "update", old: view("p", "Pending"), object: view("p", "Running") });
  expect(await series()).toEqual([
    ["p", "Pending", 1],
    ["p", "Running", 1],
  ]);
  metrics.observe({ type: "delete", old: view("p", "Pending"), object: view("p", "Pending") });
  metrics.observe({ type: "delete", old: view("p", "Running"), object: view("p", "Succeeded") });
  expect(await series()).toEqual([]);
});
