import { collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import * as z from "zod";
import { features } from "../features.ts";
import { Host } from "../runtime/host.ts";
import { ProgramMetrics } from "../runtime/program-metrics.ts";
import { dashboard } from "./dashboard.ts";
import { namedIn } from "./promql.ts";
import { alerts, page } from "./rules.fixture.ts";

interface Metric {
  name: string;
  labels: readonly string[];
  /** The names of its series. */
  series: string[];
}

/** Of Prometheus itself. */
const others: readonly Metric[] = [{ name: "up", labels: [], series: ["up"] }];

/** Labels that a scrape adds, or a histogram. */
const added = ["job", "namespace", "pod", "instance", "le"];

/** What features need to be told before they start. */
const needed: Readonly<Record<string, object>> = {
  cleanup: { cloud: { provider: "aws", region: "eu-central-1", account: "123456789012" } },
};

const ours = await metricsOfTheProgram();
const bySeries = new Map([...ours, ...others].flatMap((metric) => metric.series.map((name) => [name, metric])));
const panels = dashboard.rows.flatMap(({ panels }) => panels);
const expressions = [
  ...dashboard.variables.map(({ name, series }) => [`variable ${name}`, series] as const),
  ...panels.flatMap(({ title, queries }) => Object.values(queries).map((query) => [title, query] as const)),
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
];

test.each(expressions)("%s: the program has the metrics, and they have the labels", (_, expression) => {
  const { metrics, labels } = namedIn(expression);
  expect(metrics.size).toBeGreaterThan(0);
  expect([...metrics].filter((name) => !bySeries.has(name))).toEqual([]);
  const known = new Set([...added, ...[...metrics].flatMap((name) => bySeries.get(name)?.labels ?? [])]);
  expect([...labels].filter((label) => !known.has(label))).toEqual([]);
});

test("a legend names labels that its query leaves", () => {
  for (const { queries } of panels) {
    for (const [legend, query] of Object.entries(queries)) {
      const grouped = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list?.split(", "));
      expect(grouped).toEqual(expect.arrayContaining([...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label)));
    }
  }
});

test("the page explains every metric but Node's, with its labels", () => {
  for (const { name, labels } of [...ours, ...others]) {
    if (/^(up$|process_|nodejs_)/.test(name)) continue;
    expect(page).toContain(`\n| \`${name}\` | ${labels.map((label) => `\`${label}\``).join(", ")} | `);
  }
});

async function metricsOfTheProgram(): Promise<Metric[]> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const refuse = (): never => {
    throw new Error("nothing is asked of an API server here");
  };
  const program = new ProgramMetrics(registry);
  program.leads("plimsoll", () => false);
  const host = new Host({ sender: { request: refuse, stream: refuse }, metrics: registry, program });
  // Also those that run only where they are enabled.
  await host.run(
    features.map((feature) => ({ feature, config: feature.config.parse(needed[feature.name] ?? {}) })),
    AbortSignal.abort(),
  );
  return registry.getMetricsAsArray().map(({ name }) => {
    const metric = registry.getSingleMetric(name);
    const { labelNames } = z.object({ labelNames: z.array(z.string()) }).parse(metric);
    const endings = metric instanceof Histogram ? ["_bucket", "_sum", "_count"] : [""];
    return { name, labels: labelNames.filter((label) => label !== "le"), series: endings.map((ending) => `${name}${ending}`) };
  });
}
