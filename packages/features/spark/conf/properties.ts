import type { SparkApplicationSpec, SparkPodSpec } from "@plimsoll/api";
import type { ApplicationRef, Names } from "../attempt.ts";
import type { Role } from "../labels.ts";
import { memoryText, overheadFactor } from "./memory.ts";
import { agentOptions, metricsProperties } from "./monitoring.ts";
import { files, mounted } from "./paths.ts";

/** What the properties are a function of. */
export interface Given {
  application: ApplicationRef & { labels?: Readonly<Record<string, string>> | undefined };
  spec: SparkApplicationSpec;
  names: Names;
  /** The driver's ServiceAccount where the application names none. */
  serviceAccount: string;
}

/** The driver's heap is given to its JVM as it stands here, which knows fewer units than Spark, and none as bytes. */
export const memoryProperties: ReadonlySet<string> = new Set(
  (["driver", "executor"] as const).flatMap((role) => [
    `spark.${role}.memory`,
    `spark.${role}.memoryOverhead`,
    `spark.${role}.minMemoryOverhead`,
  ]),
);

/** spark.properties: what an application says goes before what is so by default, its fields before its sparkConf. */
export function propertiesOf(given: Given): Record<string, string> {
  const { spec } = given;
  const all = {
    ...withoutNone(defaults(spec)),
    ...spec.sparkConf,
    ...Object.fromEntries(Object.entries(spec.hadoopConf ?? {}).map(([key, value]) => [`spark.hadoop.${key}`, value])),
    ...withoutNone(ofFields(given)),
    ...fixed(given),
  };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, memoryProperties.has(key) ? memoryText(value) : value]));
}

/**
 * Where the pods are made by Plimsoll, the driver needs fewer rights than Spark's defaults take: its Service goes with its pod, executors
 * need no ConfigMap, and no PersistentVolumeClaim is looked for that nobody has asked for.
 */
function defaults({ type, sparkConf = {}, memoryOverheadFactor, deps }: SparkApplicationSpec): Record<string, string | undefined> {
  const factor = memoryOverheadFactor ?? sparkConf["spark.kubernetes.memoryOverheadFactor"] ?? overheadFactor(type);
  const claims = Object.entries(sparkConf).some(([key, value]) => key.endsWith(".options.claimName") && value === "OnDemand");
  return {
    "spark.driver.cores": "1",
    "spark.driver.memory": "1g",
    "spark.driver.memoryOverheadFactor": factor,
    "spark.executor.memoryOverheadFactor": factor,
    "spark.driver.port": "7078",
    "spark.driver.blockManager.port": "7079",
    "spark.ui.port": "4040",
    "spark.kubernetes.container.image.pullPolicy": "IfNotPresent",
    "spark.kubernetes.driver.service.deleteOnTermination": "false",
    "spark.kubernetes.executor.disableConfigMap": "true",
    ...(claims
      ? {}
      : { "spark.kubernetes.driver.ownPersistentVolumeClaim": "false", "spark.kubernetes.driver.reusePersistentVolumeClaim": "false" }),
    // The home of the image's user may be nobody's.
    ...(deps?.packages === undefined ? {} : { "spark.jars.ivy": "/tmp/.ivy2" }),
  };
}

function ofFields({ spec }: Given): Record<string, string | undefined> {
  const { deps = {}, dynamicAllocation, executor, driver, monitoring } = spec;
  const joined = (list: readonly string[] | undefined) => (list === undefined || list.length === 0 ? undefined : list.join(","));
  return {
    "spark.kubernetes.container.image": spec.image,
    "spark.kubernetes.container.image.pullPolicy": spec.imagePullPolicy,
    "spark.kubernetes.container.image.pullSecrets": joined(spec.imagePullSecrets),
    "spark.jars": joined(deps.jars),
    "spark.files": joined(deps.files),
    "spark.submit.pyFiles": joined(deps.pyFiles),
    "spark.archives": joined(deps.archives),
    "spark.jars.packages": joined(deps.packages),
    "spark.jars.excludes": joined(deps.excludePackages),
    "spark.jars.repositories": joined(deps.repositories),
    ...ofRole("driver", driver, spec),
    ...ofRole("executor", executor, spec),
    "spark.kubernetes.driver.master": driver.kubernetesMaster,
    "spark.executor.instances": text(executor.instances),
    "spark.kubernetes.executor.deleteOnTermination": text(executor.deleteOnTermination),
    ...metricsProperties(monitoring),
    ...(dynamicAllocation?.enabled
      ? {
          "spark.dynamicAllocation.enabled": "true",
          // There is no external shuffle service on Kubernetes.
          "spark.dynamicAllocation.shuffleTracking.enabled": text(dynamicAllocation.shuffleTrackingEnabled ?? true),
          "spark.dynamicAllocation.initialExecutors": text(dynamicAllocation.initialExecutors),
          "spark.dynamicAllocation.minExecutors": text(dynamicAllocation.minExecutors),
          "spark.dynamicAllocation.maxExecutors": text(dynamicAllocation.maxExecutors),
          "spark.dynamicAllocation.shuffleTracking.timeout": text(dynamicAllocation.shuffleTrackingTimeout),
        }
      : {}),
  };
}

function ofRole(role: Role, own: SparkPodSpec, { sparkConf = {}, monitoring }: SparkApplicationSpec): Record<string, string | undefined> {
  const options = [own.javaOptions ?? sparkConf[`spark.${role}.extraJavaOptions`], agentOptions(monitoring, role)]
    .filter(Boolean)
    .join(" ");
  return {
    [`spark.${role}.cores`]: text(own.cores),
    [`spark.${role}.memory`]: own.memory,
    [`spark.${role}.memoryOverhead`]: own.memoryOverhead,
    [`spark.kubernetes.${role}.request.cores`]: own.coreRequest,
    [`spark.kubernetes.${role}.limit.cores`]: own.coreLimit,
    [`spark.kubernetes.${role}.container.image`]: own.image,
    [`spark.kubernetes.${role}.scheduler.name`]: own.schedulerName,
    [`spark.${role}.extraJavaOptions`]: options || undefined,
  };
}

/** What Plimsoll sets. */
function fixed({ application, spec, names, serviceAccount }: Given): Record<string, string> {
  const { namespace, name } = application;
  return {
    "spark.app.id": names.applicationId,
    "spark.app.name": spec.sparkConf?.["spark.app.name"] ?? name,
    "spark.master": `k8s://${spec.driver.kubernetesMaster ?? "https://kubernetes.default.svc"}`,
    "spark.driver.host": `${names.service}.${namespace}.svc`,
    "spark.kubernetes.authenticate.driver.serviceAccountName": spec.driver.serviceAccount ?? serviceAccount,
    "spark.kubernetes.authenticate.executor.serviceAccountName": spec.executor.serviceAccount ?? "default",
    "spark.kubernetes.driver.pod.name": names.driver,
    "spark.kubernetes.executor.podNamePrefix": names.executors,
    "spark.kubernetes.executor.podTemplateFile": mounted(files.executorPod),
    "spark.kubernetes.namespace": namespace,
    "spark.kubernetes.resource.type": { Java: "java", Scala: "java", Python: "python", R: "r" }[spec.type],
    // The driver is one as spark-submit has made it: it finds the API server by its pod's ServiceAccount.
    "spark.kubernetes.submitInDriver": "true",
  };
}

const text = (value: number | boolean | undefined): string | undefined => (value === undefined ? undefined : String(value));

function withoutNone(given: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
