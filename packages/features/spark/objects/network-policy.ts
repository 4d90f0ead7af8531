import { metricsPort } from "../conf/monitoring.ts";
import { labels } from "../labels.ts";
import { ownedBy, type Made } from "./made.ts";

/** As Spark 4.3's own, executors are reached by their application's pods alone; but for their metrics, where these are exposed. */
export function executorsPolicy({ application, names, spec }: Made, driver: { name: string; uid: string }) {
  const ofApplication = { [labels.selector]: names.applicationId };
  const metrics = metricsPort(spec.monitoring, "executor");
  return {
    metadata: {
      namespace: application.namespace,
      name: names.networkPolicy,
      labels: { ...ofApplication, [labels.application]: application.name },
      ownerReferences: ownedBy(driver),
    },
    spec: {
      podSelector: { matchLabels: { [labels.role]: "executor", ...ofApplication } },
      policyTypes: ["Ingress"],
      ingress: [
        { from: [{ podSelector: { matchLabels: ofApplication } }] },
        ...(metrics === undefined ? [] : [{ ports: [{ port: metrics.port, protocol: "TCP" }] }]),
      ],
    },
  };
}
