import { readFileSync } from "node:fs";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { faultCodes } from "./decide/fault.ts";
import { CsrMetrics } from "./metrics.ts";

const page = readFileSync(new URL("../../../docs/csr-approval.md", import.meta.url), "utf8");

test("the page explains every metric, with its labels", async () => {
  const registry = new Registry();
  void new CsrMetrics(registry, () => new Map());
  const metrics = registry.getMetricsAsArray();
  expect(metrics).toHaveLength(4);
  for (const { name } of metrics) {
    const metric = registry.getSingleMetric(name) as unknown as { labelNames: string[] };
    const labels = metric.labelNames.filter((label) => label !== "le").map((label) => `\`${label}\``);
    expect(page).toContain(`\n| \`${name}\` | ${labels.join(", ")} | `);
  }
});

test("the page explains every reason for which a request is not approved", () => {
  for (const code of faultCodes) expect(page).toContain(`\n| \`${code}\` | `);
});
