import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";

const root = join(import.meta.dirname, "../../../..");

export const alertsFile = join(root, "charts/plimsoll/files/alerts.yaml");

const text = z.string().min(1);
const alert = z.strictObject({
  alert: text,
  expr: text,
  for: text,
  labels: z.strictObject({ severity: z.enum(["critical", "warning", "info"]) }),
  annotations: z.strictObject({ summary: text, description: text, runbook_url: text }),
});
const rules = z.strictObject({ groups: z.array(z.strictObject({ name: text, rules: z.array(alert) })) });

/** The alerts as they stand in their file. */
export const alerts = rules.parse(parse(readFileSync(alertsFile, "utf8"))).groups.flatMap(({ rules }) => rules);

/** The page that explains alerts and metrics. */
export const page = readFileSync(join(root, "docs/monitoring.md"), "utf8");
