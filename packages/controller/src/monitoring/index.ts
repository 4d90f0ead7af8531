import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { dashboard } from "./dashboard.ts";
import { grafanaDashboard } from "./grafana.ts";
import { prometheusRule } from "./prometheus-rule.ts";

const alerts = new URL("../../../../charts/plimsoll/files/alerts.yaml", import.meta.url);

/** The files that are made for whoever watches over the controller: their paths in the repository, and their texts. */
export function monitoringFiles(): Map<string, string> {
  return new Map([
    ["charts/plimsoll/files/dashboard.json", `${JSON.stringify(grafanaDashboard(dashboard), null, 2)}\n`],
    ["charts/plimsoll/files/prometheusrule.yaml", prometheusRule(readFileSync(alerts, "utf8"))],
    ["packages/controller/src/monitoring/alerts.json", `${JSON.stringify(parse(readFileSync(alerts, "utf8")), null, 2)}\n`],
  ]);
}
