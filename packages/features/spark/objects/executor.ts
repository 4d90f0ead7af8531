import { metricsFiles } from "../conf/monitoring.ts";
import { folder } from "../conf/paths.ts";
import type { Made } from "./made.ts";
import { podOf } from "./pod.ts";

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
