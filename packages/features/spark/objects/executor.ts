import { metricsFiles } from "../conf/monitoring.ts";
import { folder } from "../conf/paths.ts";
import type { Made } from "./made.ts";
import { podOf, type Main } from "./pod.ts";
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

/** What the API server takes whatever it is, once the spec was read; CPU only where there is no limit to it. */
const harmless = new Set(["instances", "cores", "coreRequest", "memory", "memoryOverhead", "javaOptions", "image", "deleteOnTermination"]);

/**
 * An executor as far as the API server could refuse it: the driver is told so each time that it makes one, and waits for ever. Undefined where
 * it has no fields but those of the driver, which is judged when it is made.
 */
export function executorTrial(made: Made) {
  const { application, spec, names, properties } = made;
  const { driver, executor } = spec;
  const isOwn = Object.entries(executor).some(
    ([field, value]) =>
      !harmless.has(field) && (field === "coreLimit" || JSON.stringify(value) !== JSON.stringify(Reflect.get(driver, field))),
  );
  if (!isOwn) return undefined;
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
