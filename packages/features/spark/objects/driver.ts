import { driverArguments } from "../conf/command.ts";
import { podMebibytes } from "../conf/memory.ts";
import { folder, localDir } from "../conf/paths.ts";
import { labels } from "../labels.ts";
import type { Made } from "./made.ts";
import type { Mounts } from "./mounts.ts";
import { podOf } from "./pod.ts";

/** The driver's pod: its outcome is the application's. */
export function driverPod({ application, spec, attempt, names, properties }: Made) {
  const property = (key: string): string | undefined => properties[key];
  const [local, env] = localDirs(spec.driver.volumeMounts);
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
  const cores = property("spark.driver.cores") ?? "1";
  const memory = `${podMebibytes({
    memory: property("spark.driver.memory") ?? "1g",
    overhead: property("spark.driver.memoryOverhead"),
    factor: property("spark.driver.memoryOverheadFactor") ?? "0.1",
  })}Mi`;
  const { resources } = main;
  const cpuLimit = property("spark.kubernetes.driver.limit.cores");
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
          resources: {
            ...resources,
            requests: { ...resources.requests, cpu: property("spark.kubernetes.driver.request.cores") ?? cores, memory },
            limits: { ...resources.limits, ...(cpuLimit === undefined ? {} : { cpu: cpuLimit }), memory },
          },
        },
        ...sidecars,
      ],
    },
  };
}

interface Main extends Record<string, unknown> {
  ports: object[];
  resources: { requests?: object; limits?: object };
}

/** Spark writes what it spills to volumes whose names begin so; else to one of the pod's own. */
function localDirs(mounts: readonly Record<string, unknown>[] = []): [Pick<Mounts, "volumes" | "mounts">, string] {
  const paths = mounts.flatMap(({ name, mountPath }) => (String(name).startsWith("spark-local-dir-") ? [String(mountPath)] : []));
  if (paths.length > 0) return [{ volumes: [], mounts: [] }, paths.join(",")];
  const name = "spark-local-dir-1";
  return [{ volumes: [{ name, emptyDir: {} }], mounts: [{ name, mountPath: localDir }] }, localDir];
}
