import { dashboard } from "./dashboard.ts";
import { grafanaDashboard } from "./grafana.ts";

/** The files that are made for whoever watches over the controller: their paths in the repository, and their texts. */
export function monitoringFiles(): Map<string, string> {
  return new Map([["charts/plimsoll/files/dashboard.json", `${JSON.stringify(grafanaDashboard(dashboard), null, 2)}\n`]]);
}
