import { dashboard } from "../../monitoring/dashboard.ts";
import { grafanaDashboard } from "../../monitoring/grafana.ts";
import alerts from "../../monitoring/alerts.json" with { type: "json" };
import type { Installation } from "../installation.ts";
import { metadataOf, type KubernetesObject } from "./metadata.ts";

const operator = "monitoring.coreos.com/v1";

/** Where the metrics of all pods are found. */
export function metricsService(namespace: string): KubernetesObject {
  const metadata = metadataOf("plimsoll-metrics", namespace);
  const spec = { selector: metadata.labels, ports: [{ name: "http", port: 8080, targetPort: "http" }] };
  return { apiVersion: "v1", kind: "Service", metadata, spec } as KubernetesObject;
}

/** Has the Prometheus operator collect the metrics. */
export function serviceMonitor({ values: { serviceMonitor: chosen }, namespace }: Installation): KubernetesObject {
  const { labels, ...metadata } = metadataOf("plimsoll", namespace);
  return {
    apiVersion: operator,
    kind: "ServiceMonitor",
    metadata: { ...metadata, labels: { ...chosen.labels, ...labels } },
    spec: { selector: { matchLabels: labels }, endpoints: [{ port: "http", path: "/metrics", interval: chosen.interval }] },
  } as KubernetesObject;
}

/** Tells the Prometheus operator the alerts. */
export function prometheusRule({ values: { prometheusRule: chosen }, namespace }: Installation): KubernetesObject {
  const { labels, ...metadata } = metadataOf("plimsoll", namespace);
  return {
    apiVersion: operator,
    kind: "PrometheusRule",
    metadata: { ...metadata, labels: { ...chosen.labels, ...labels } },
    spec: alerts,
  } as KubernetesObject;
}

/** The dashboard, as Grafana's sidecar looks for it. */
export function dashboardMap({ values: { dashboard: chosen }, namespace }: Installation): KubernetesObject {
  const { labels, ...metadata } = metadataOf("plimsoll-dashboard", namespace);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { ...metadata, labels: { ...chosen.labels, ...labels } },
    data: { "plimsoll.json": `${JSON.stringify(grafanaDashboard(dashboard), null, 2)}\n` },
  } as KubernetesObject;
}
