import { driverArguments } from "../conf/command.ts";
import { folder, localDir } from "../conf/paths.ts";
import { labels } from "../labels.ts";
import type { Made } from "./made.ts";
import type { Mounts } from "./mounts.ts";
import { podOf, type Main } from "./pod.ts";
import { resourcesOf } from "./resources.ts";

/** The driver's pod: its outcome is the application's. */
export function driverPod({ application, spec, attempt, names, properties }: Made) {
  const property = (key: string): string | undefined => properties[key];
  const [local, env] = localDirs(spec.driver.volumeMounts, property);
  const { metadata, spec: pod } = podOf("driver", {
    application,
    spec,
    attempt,
    further: {
      volumes: [{ name: "plimsoll-spark", configMap: { name: names.properties } }, ...local.volumes],
      mounts: [{ name: "plimsoll-spark", mountPath: folder, readOnly: true }, ...local.mounts],
      env: [
        { name: "SPARK_USER", value: "spark" },
        { name: "SPARK_APPLICATION_ID", value: names.applicationId },
        { name: "SPARK_DRIVER_BIND_ADDRESS", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } } },
        { name: "SPARK_LOCAL_DIRS", value: env },
      ],
    },
  });
  const [main, ...sidecars] = pod.containers as [Main, ...Record<string, unknown>[]];
  return {
    metadata: {
      namespace: application.namespace,
      name: names.driver,
      labels: { ...metadata.labels, [labels.role]: "driver", [labels.selector]: names.applicationId },
      annotations: metadata.annotations,
      ownerReferences: [
        {
          apiVersion: "sparkoperator.k8s.io/v1beta2",
          kind: "SparkApplication",
          name: application.name,
          uid: application.uid,
          controller: true,
          blockOwnerDeletion: false,
        },
      ],
    },
    spec: {
      ...pod,
      restartPolicy: "Never",
      serviceAccountName: property("spark.kubernetes.authenticate.driver.serviceAccountName"),
      containers: [
        {
          ...main,
          image: property("spark.kubernetes.driver.container.image") ?? property("spark.kubernetes.container.image"),
          imagePullPolicy: property("spark.kubernetes.container.image.pullPolicy"),
          args: driverArguments(spec),
          ports: [
            ...main.ports,
            { name: "driver-rpc-port", containerPort: Number(property("spark.driver.port")), protocol: "TCP" },
            { name: "blockmanager", containerPort: Number(property("spark.driver.blockManager.port")), protocol: "TCP" },
            { name: "spark-ui", containerPort: Number(property("spark.ui.port")), protocol: "TCP" },
          ],
          resources: resourcesOf("driver", properties, main.resources),
        },
        ...sidecars,
      ],
    },
  };
}

/** Spark writes what it spills to volumes whose names begin so; else to some of the pod's own. */
function localDirs(
  mounts: readonly Record<string, unknown>[] = [],
  property: (key: string) => string | undefined,
): [Pick<Mounts, "volumes" | "mounts">, string] {
  const paths = mounts.flatMap(({ name, mountPath }) => (String(name).startsWith("spark-local-dir-") ? [String(mountPath)] : []));
  if (paths.length > 0) return [{ volumes: [], mounts: [] }, paths.join(",")];
  const own = (property("spark.local.dir") ?? localDir)
    .split(",")
    .map((mountPath, index) => ({ name: `spark-local-dir-${index + 1}`, mountPath }));
  const emptyDir = property("spark.kubernetes.local.dirs.tmpfs") === "true" ? { medium: "Memory" } : {};
  return [{ volumes: own.map(({ name }) => ({ name, emptyDir })), mounts: own }, own.map(({ mountPath }) => mountPath).join(",")];
}
