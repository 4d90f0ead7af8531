import type { SparkApplicationSpec, SparkPodSpec } from "@plimsoll/api";
import { metricsPort, scrapeAnnotations } from "../conf/monitoring.ts";
import { hadoopConf, sparkConf } from "../conf/paths.ts";
import { submissionOf, type ApplicationRef, type Attempt } from "../attempt.ts";
import { containers, labels, type Role } from "../labels.ts";
import { configMap, mountsOf, together, type Mounts } from "./mounts.ts";
import { containerSecurity, podSecurity, restricted } from "./security.ts";

type Map = Readonly<Record<string, unknown>>;

/** What a pod's fields are a function of. */
export interface PodSource {
  application: ApplicationRef & { labels?: Readonly<Record<string, string>> | undefined };
  spec: SparkApplicationSpec;
  attempt: Attempt;
  /** What Plimsoll mounts for a role, beside what the application does. */
  further: Mounts;
}

/** The container of a role, as it is at least. */
export interface Main extends Record<string, unknown> {
  ports: object[];
  resources: { requests?: object; limits?: object };
}

/** A pod of a role, as far as the application's fields say it: what Spark adds to an executor, and Plimsoll to a driver, isn't in it. */
export function podOf(role: Role, { application, spec, attempt, further }: PodSource) {
  const own: SparkPodSpec = spec[role];
  const template = mapIn(own.template);
  const pod = mapIn(template["spec"]);
  const [first = {}, ...others] = listIn(pod["containers"]);
  const given = together([further, mountsOf(own), ...configuration(spec)]);
  const mounts = [...(own.volumeMounts ?? []), ...given.mounts];
  const needed = new Set(
    [...mounts, ...[...(own.sidecars ?? []), ...(own.initContainers ?? [])].flatMap(({ volumeMounts }) => listIn(volumeMounts))].map(
      ({ name }) => name,
    ),
  );
  const port = metricsPort(spec.monitoring, role);
  const { metadata } = { metadata: mapIn(template["metadata"]) };
  return {
    metadata: {
      labels: {
        ...textsIn(metadata["labels"]),
        ...application.labels,
        ...own.labels,
        [labels.application]: application.name,
        [labels.submission]: submissionOf(attempt),
      },
      annotations: { ...textsIn(metadata["annotations"]), ...scrapeAnnotations(spec.monitoring, role), ...own.annotations },
    },
    spec: {
      ...pod,
      ...withoutNone({
        affinity: own.affinity,
        schedulerName: own.schedulerName,
        priorityClassName: own.priorityClassName,
        runtimeClassName: own.runtimeClassName,
        dnsConfig: own.dnsConfig,
        shareProcessNamespace: own.shareProcessNamespace,
        terminationGracePeriodSeconds: own.terminationGracePeriodSeconds,
      }),
      nodeSelector: { ...mapIn(pod["nodeSelector"]), ...spec.nodeSelector, ...own.nodeSelector },
      tolerations: [...listIn(pod["tolerations"]), ...(own.tolerations ?? [])],
      hostAliases: [...listIn(pod["hostAliases"]), ...(own.hostAliases ?? [])],
      imagePullSecrets: [...listIn(pod["imagePullSecrets"]), ...(spec.imagePullSecrets ?? []).map((name) => ({ name }))],
      securityContext: podSecurity({ ...mapIn(pod["securityContext"]), ...own.podSecurityContext }),
      volumes: [...listIn(pod["volumes"]), ...(spec.volumes ?? []).filter(({ name }) => needed.has(name)), ...given.volumes],
      initContainers: [...listIn(pod["initContainers"]), ...(own.initContainers ?? [])].map(restricted),
      containers: [
        {
          ...first,
          name: containers[role],
          ...withoutNone({ lifecycle: own.lifecycle }),
          env: [...listIn(first["env"]), ...environment(own), ...given.env],
          envFrom: [...listIn(first["envFrom"]), ...(own.envFrom ?? [])],
          ports: [
            ...listIn(first["ports"]),
            ...(own.ports ?? []),
            ...(port ? [{ name: port.name, containerPort: port.port, protocol: "TCP" }] : []),
          ],
          volumeMounts: [...listIn(first["volumeMounts"]), ...mounts],
          resources: resourcesOf(mapIn(first["resources"]), own),
          securityContext: containerSecurity({ ...mapIn(first["securityContext"]), ...own.securityContext }),
        },
        ...[...others, ...(own.sidecars ?? [])].map(restricted),
      ],
    },
  };
}

/** The ConfigMaps of Spark's and of Hadoop's configuration. */
function configuration({ sparkConfigMap, hadoopConfigMap }: SparkApplicationSpec): Mounts[] {
  return [
    ...(sparkConfigMap === undefined ? [] : [configMap(sparkConfigMap, sparkConf, [{ name: "SPARK_CONF_DIR", value: sparkConf }])]),
    ...(hadoopConfigMap === undefined ? [] : [configMap(hadoopConfigMap, hadoopConf, [{ name: "HADOOP_CONF_DIR", value: hadoopConf }])]),
  ];
}

function environment({ env = [], envVars = {}, envSecretKeyRefs = {} }: SparkPodSpec): Map[] {
  return [
    ...Object.entries(envVars).map(([name, value]) => ({ name, value })),
    ...Object.entries(envSecretKeyRefs).map(([name, secretKeyRef]) => ({ name, valueFrom: { secretKeyRef } })),
    ...env,
  ];
}

function resourcesOf(resources: Map, { gpu }: SparkPodSpec): Record<string, unknown> {
  if (gpu === undefined) return { ...resources };
  return { ...resources, limits: { ...mapIn(resources["limits"]), [gpu.name]: String(gpu.quantity) } };
}

function mapIn(value: unknown): Map {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Map) : {};
}

function listIn(value: unknown): Map[] {
  return Array.isArray(value) ? value.map(mapIn) : [];
}

function textsIn(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(mapIn(value)).map(([key, text]) => [key, String(text)]));
}

function withoutNone(given: Map): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
