import { readFileSync } from "node:fs";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { RightSizingMetrics } from "./metrics.ts";

test("the page explains every metric, with its labels", async () => {
  const page = readFileSync(new URL("../../../../docs/monitoring.md", import.meta.url), "utf8");
  const registry = new Registry();
  new RightSizingMetrics(registry, {
    policies: () => 2,
    invalid: () => 1,
    containers: () => new Map([["Close", 3]]),
    saved: () => ({ cpu: 0.5, memory: -1024 }),
    isAvailable: () => true,
  }).killed();
  const text = await registry.metrics();
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  expect(names).toHaveLength(8);
  for (const name of names) {
    const [, label] = new RegExp(`^${name}\\{(\\w+)=`, "m").exec(text) ?? [];
    expect(page).toContain(`\n| \`${name}\` | ${label === undefined ? "" : `\`${label}\``} | `);
  }
  expect(text).toContain('plimsoll_rightsizing_containers{reason="Close"} 3');
  expect(text).toContain('plimsoll_rightsizing_containers{reason="NoSamples"} 0');
  expect(text).toContain('plimsoll_rightsizing_saved{resource="memory"} -1024');
});
