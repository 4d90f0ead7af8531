import type { Problem, SparkApplicationSpec } from "@plimsoll/api";
import { mebibytesOf } from "./memory.ts";
import { memoryProperties } from "./properties.ts";

/** Properties that only who submits by spark-submit reads, or that Plimsoll sets, each with the way out. A dot or a star at the end stands for all that begin so. */
const properties: Readonly<Record<string, string>> = {
  "spark.app.id": "leave it out: it is in status.sparkApplicationId",
  "spark.driver.bindAddress": "leave it out: it is the driver pod's address",
  "spark.driver.host": "leave it out: it is the driver's Service",
  "spark.kubernetes.authenticate.driver.serviceAccountName": "give driver.serviceAccount",
  "spark.kubernetes.authenticate.driver.": "leave it out: the driver has its ServiceAccount's token",
  "spark.kubernetes.authenticate.executor.serviceAccountName": "give executor.serviceAccount",
  "spark.kubernetes.authenticate.submission.": "leave it out: nothing is submitted by spark-submit",
  "spark.kubernetes.appKillPodDeletionGracePeriod": "give driver.terminationGracePeriodSeconds",
  "spark.kubernetes.context": "leave it out",
  "spark.kubernetes.driver.annotation.": "give driver.annotations",
  "spark.kubernetes.driver.container.image": "give driver.image",
  "spark.kubernetes.driver.label.": "give driver.labels",
  "spark.kubernetes.driver.limit.cores": "give driver.coreLimit",
  "spark.kubernetes.driver.master": "give driver.kubernetesMaster",
  "spark.kubernetes.driver.node.selector.": "give driver.nodeSelector",
  "spark.kubernetes.driver.pod.": "leave it out: the pod is made by Plimsoll; driver.template changes it",
  "spark.kubernetes.driver.podTemplate*": "give driver.template",
  "spark.kubernetes.driver.request.cores": "give driver.coreRequest",
  "spark.kubernetes.driver.resourceNamePrefix": "leave it out: names are the application's",
  "spark.kubernetes.driver.scheduler.name": "give driver.schedulerName",
  "spark.kubernetes.driver.secretKeyRef.": "give driver.env",
  "spark.kubernetes.driver.secrets.": "give driver.secrets",
  "spark.kubernetes.driver.service.annotation.": "give driver.serviceAnnotations",
  "spark.kubernetes.driver.service.label.": "give driver.serviceLabels",
  "spark.kubernetes.driver.securityContext.": "give driver.securityContext",
  "spark.kubernetes.driver.service.ip*": "leave it out: the Service has no address of its own, and is of the cluster's families",
  "spark.kubernetes.driver.service.publishNotReadyAddresses": "leave it out: it does",
  "spark.kubernetes.driver.volumes.": "give volumes and driver.volumeMounts",
  "spark.kubernetes.driverEnv.": "give driver.env",
  "spark.kubernetes.executor.podNamePrefix": "leave it out",
  "spark.kubernetes.executor.podTemplate*": "give executor.template",
  "spark.kubernetes.file.upload.path": "leave it out, and name files that the driver can reach: local:///PATH is in the image",
  "spark.kubernetes.hadoop.configMapName": "give hadoopConfigMap",
  "spark.kubernetes.jars.": "leave it out",
  "spark.kubernetes.kerberos.": "give driver.secrets with secretType HadoopDelegationToken",
  "spark.kubernetes.namespace": "leave it out: it is the application's",
  "spark.kubernetes.node.selector.": "give nodeSelector",
  "spark.kubernetes.report.interval": "leave it out: nothing is submitted by spark-submit",
  "spark.kubernetes.resource.type": "leave it out: it is spec.type",
  "spark.kubernetes.scheduler.name": "give driver.schedulerName and executor.schedulerName",
  "spark.kubernetes.securityContext.": "give driver.securityContext and executor.securityContext",
  "spark.kubernetes.submission.": "leave it out: nothing is submitted by spark-submit",
  "spark.kubernetes.submitInDriver": "leave it out",
  "spark.kubernetes.trust.certificates": "leave it out",
  "spark.master": "leave it out: it is the cluster that the application is in",
  "spark.submit.deployMode": "leave it out: the driver is a pod",
};

/** Properties that Plimsoll reads itself, each with what it must be. */
const read: Readonly<Record<string, { isGood: (text: string) => boolean; wanted: string }>> = {
  ...each([...memoryProperties], (text) => mebibytesOf(text) !== undefined, "an amount of memory as Spark reads it, as in 512m or 4g"),
  ...each(
    ["spark.driver.memoryOverheadFactor", "spark.executor.memoryOverheadFactor", "spark.kubernetes.memoryOverheadFactor"],
    (text) => /^\d+(\.\d+)?$/.test(text),
    "a number, as in 0.2",
  ),
  ...each(
    ["spark.driver.port", "spark.driver.blockManager.port", "spark.ui.port"],
    (text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535,
    "a port from 1 to 65535, which the driver's Service has, too",
  ),
};

function each(keys: readonly string[], isGood: (text: string) => boolean, wanted: string) {
  return Object.fromEntries(keys.map((key) => [key, { isGood, wanted }]));
}

/** Properties that would have no effect, which nobody notices until it matters, and values of which no pod can be made. */
export function propertyProblems({ sparkConf = {} }: Pick<SparkApplicationSpec, "sparkConf">): Problem[] {
  return Object.entries(sparkConf).flatMap(([key, value]) => {
    const path = ["spec", "sparkConf", key];
    const { isGood, wanted } = read[key] ?? {};
    if (isGood?.(value) === false) return [{ path, message: `is ${JSON.stringify(value)}: must be ${wanted}` }];
    const found = Object.keys(properties).find((known) => (/[.*]$/.test(known) ? key.startsWith(known.replace("*", "")) : key === known));
    return found === undefined ? [] : [{ path, message: `has no effect here: ${properties[found] ?? ""}` }];
  });
}
