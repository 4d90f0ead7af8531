import { readFileSync } from "node:fs";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { CleanupMetrics } from "./metrics.ts";

test("the page explains every metric, with its labels", async () => {
  const page = readFileSync(new URL("../../../docs/cleanup.md", import.meta.url), "utf8");
  const registry = new Registry();
  const metrics = new CleanupMetrics(registry);
  metrics.looked("gone");
  metrics.deleted("deleted");
  metrics.decided([], { isOpen: false, count: 0, limit: 1 });
  const text = await registry.metrics();
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  expect(names).toHaveLength(4);
  for (const name of names) {
    const [, label] = new RegExp(`^${name}\\{(\\w+)=`, "m").exec(text) ?? [];
    expect(page).toContain(`\n| \`${name}\` | ${label === undefined ? "" : `\`${label}\` `}| `);
  }
});
