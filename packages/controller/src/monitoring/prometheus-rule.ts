import { parse, stringify } from "yaml";

/** A file of rules as the Prometheus operator's PrometheusRule (monitoring.coreos.com/v1), whose spec is the file's content. */
export function prometheusRule(rules: string): string {
  const metadata = { name: "plimsoll", labels: { "app.kubernetes.io/name": "plimsoll" } };
  const object = { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec: parse(rules) as unknown };
  return `# Made from alerts.yaml by \`npm run generate\`.\n${stringify(object, { lineWidth: 0 })}`;
}
