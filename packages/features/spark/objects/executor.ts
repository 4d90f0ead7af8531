import { metricsFiles } from "../conf/monitoring.ts";
import { folder } from "../conf/paths.ts";
import { containers } from "../labels.ts";
import type { Made } from "./made.ts";
import { podOf, type Main, type PodSource } from "./pod.ts";
import { resourcesOf } from "./resources.ts";

/** The template that the driver makes its executors' pods from. User code on them gets no token unless the application's template says so. */
export function executorTemplate({ application, spec, attempt, names }: Made) {
  const needsFiles = Object.keys(metricsFiles(spec.monitoring)).length > 0;
  const { metadata, spec: pod } = podOf("executor", {
    application,
    spec,
    attempt,
    further: {
      volumes: needsFiles ? [{ name: "plimsoll-spark", configMap: { name: names.properties } }] : [],
      mounts: needsFiles ? [{ name: "plimsoll-spark", mountPath: folder, readOnly: true }] : [],
      env: [],
    },
  });
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { automountServiceAccountToken: false, ...pod } };
}

/**
 * An executor as far as the API server could refuse it: the driver is told so each time that it makes one, and waits for ever. Undefined where
 * it is as the driver, which is judged when it is made.
 */
export function executorTrial(made: Made) {
  const { application, spec, names, properties } = made;
  const source: PodSource = { ...made, further: { volumes: [], mounts: [], env: [] } };
  const own = podOf("executor", source);
  const sort = JSON.stringify(own).replaceAll(containers.executor, containers.driver);
  const asDriver = sort === JSON.stringify(podOf("driver", source));
  if (asDriver && spec.executor.coreLimit === undefined && spec.executor.serviceAccount === undefined) return undefined;
  const template = executorTemplate(made);
  const [main, ...sidecars] = template.spec.containers as [Main, ...Record<string, unknown>[]];
  const image = properties["spark.kubernetes.executor.container.image"] ?? properties["spark.kubernetes.container.image"];
  return {
    metadata: { ...template.metadata, namespace: application.namespace, name: `${names.executors}-exec-1` },
    spec: {
      serviceAccountName: properties["spark.kubernetes.authenticate.executor.serviceAccountName"],
      ...template.spec,
      restartPolicy: "Never",
      containers: [{ ...main, image, resources: resourcesOf("executor", properties, main.resources) }, ...sidecars],
    },
  };
}
