import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { findPromtool } from "../../../../tests/support/promtool.ts";
import { dashboard } from "./dashboard.ts";
import { prometheusRule } from "./prometheus-rule.ts";
import { alerts, alertsFile, page } from "./rules.fixture.ts";

const run = promisify(execFile);
const found = await findPromtool();
const isMissing = "reason" in found;
const without = isMissing ? ` (skipped, as promtool can't be had: ${found.reason})` : "";
const promtool = (...args: string[]) => run(isMissing ? "" : found.path, args);
const cases = join(import.meta.dirname, "alerts.test.yaml");

test("each alert has a section of the page, and its runbook_url leads there", () => {
  for (const { alert, annotations } of alerts) {
    expect(page).toContain(`\n### ${alert}\n`);
    expect(annotations.runbook_url).toBe(`docs/monitoring.md#${alert.toLowerCase()}`);
  }
});

test("each alert has a case in which it fires", () => {
  const text = readFileSync(cases, "utf8");
  for (const { alert, labels } of alerts)
    expect(text).toContain(`ALERTS{alertname="${alert}",alertstate="firing",severity="${labels.severity}"`);
});

test("the PrometheusRule says what the file of rules does", () => {
  const rules = readFileSync(alertsFile, "utf8");
  expect(parse(prometheusRule(rules))).toMatchObject({ kind: "PrometheusRule", spec: parse(rules) as object });
});

test.skipIf(isMissing)(`Prometheus takes the rules${without}`, async () => {
  expect((await promtool("check", "rules", alertsFile)).stdout).toContain(`SUCCESS: ${alerts.length} rules found`);
});

test.skipIf(isMissing)(`each alert fires when it should, and not when it should not${without}`, async () => {
  expect((await promtool("test", "rules", cases)).stdout).toContain("SUCCESS");
});

test.skipIf(isMissing)(`Prometheus can read every query of the dashboard${without}`, async () => {
  const queries = dashboard.rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => Object.values(queries)));
  const rules = queries.map((query, index) => ({ record: `query:${index}`, expr: query.replaceAll("$__rate_interval", "5m") }));
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-queries-"));
  try {
    const file = join(folder, "rules.yaml");
    writeFileSync(file, stringify({ groups: [{ name: "dashboard", rules }] }));
    expect((await promtool("check", "rules", file)).stdout).toContain(`SUCCESS: ${queries.length} rules found`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
