import type { SparkApplicationSpec } from "@plimsoll/api";
import type { Role } from "../labels.ts";
import { mounted } from "./paths.ts";

type Monitoring = NonNullable<SparkApplicationSpec["monitoring"]>;

/** What metrics.properties says unless the application gives its own: what the JMX exporter reads, and the JVM's. */
const defaultProperties = ["*.sink.jmx.class=org.apache.spark.metrics.sink.JmxSink", ""].join("\n");
const defaultRules = ["lowercaseOutputName: true", "rules:", '  - pattern: ".*"', ""].join("\n");

/** The port of a role's metrics; undefined where they aren't exposed. */
export function metricsPort(monitoring: Monitoring | undefined, role: Role): { port: number; name: string } | undefined {
  if (!isExposed(monitoring, role) || monitoring?.prometheus === undefined) return undefined;
  const { port = 8090, portName = "jmx-exporter" } = monitoring.prometheus;
  return { port, name: portName };
}

/** Whether a role's metrics are exposed. */
export function isExposed(monitoring: Monitoring | undefined, role: Role): boolean {
  return (role === "driver" ? monitoring?.exposeDriverMetrics : monitoring?.exposeExecutorMetrics) ?? false;
}

/** The annotations by which Prometheus finds a role's pods. */
export function scrapeAnnotations(monitoring: Monitoring | undefined, role: Role): Record<string, string> {
  const found = metricsPort(monitoring, role);
  if (found === undefined) return {};
  return { "prometheus.io/scrape": "true", "prometheus.io/port": String(found.port), "prometheus.io/path": "/metrics" };
}

/** The options by which a role's JVM begins the exporter. */
export function agentOptions(monitoring: Monitoring | undefined, role: Role): string | undefined {
  const found = metricsPort(monitoring, role);
  const prometheus = monitoring?.prometheus;
  if (found === undefined || prometheus === undefined) return undefined;
  return `-javaagent:${prometheus.jmxExporterJar}=${found.port}:${prometheus.configFile ?? mounted("prometheus.yaml")}`;
}

/** The properties that have Spark tell its metrics. */
export function metricsProperties(monitoring: Monitoring | undefined): Record<string, string> {
  if (!isExposed(monitoring, "driver") && !isExposed(monitoring, "executor")) return {};
  return { "spark.metrics.conf": monitoring?.metricsPropertiesFile ?? mounted("metrics.properties") };
}

/** The files of the ConfigMap that monitoring needs. */
export function metricsFiles(monitoring: Monitoring | undefined): Record<string, string> {
  if (!isExposed(monitoring, "driver") && !isExposed(monitoring, "executor")) return {};
  const { metricsPropertiesFile, metricsProperties = defaultProperties, prometheus } = monitoring ?? {};
  return {
    ...(metricsPropertiesFile === undefined ? { "metrics.properties": metricsProperties } : {}),
    ...(prometheus === undefined || prometheus.configFile !== undefined
      ? {}
      : { "prometheus.yaml": prometheus.configuration ?? defaultRules }),
  };
}
