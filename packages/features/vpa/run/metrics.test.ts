import { readFileSync } from "node:fs";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { VpaMetrics } from "./metrics.ts";

test("the page explains every metric, with its labels", async () => {
  const page = readFileSync(new URL("../../../../docs/monitoring.md", import.meta.url), "utf8");
  const registry = new Registry();
  new VpaMetrics(
    registry,
    () => [],
    () => ["NotInstalled"],
  ).wrote("create");
  const text = await registry.metrics();
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  expect(names).toHaveLength(4);
  for (const name of names) {
    const [, label] = new RegExp(`^${name}\\{(\\w+)=`, "m").exec(text) ?? [];
    expect(page).toContain(`\n| \`${name}\` | ${label === undefined ? "" : `\`${label}\``} | `);
  }
  expect(text).toContain('plimsoll_vpa_hindered{reason="NotInstalled"} 1');
});
