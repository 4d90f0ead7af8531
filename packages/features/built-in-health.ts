/** When an object is healthy: CEL expressions on `object`. One that names what isn't there yet is false. */
export interface HealthRules {
  healthy: string;
  /** It has failed, and doesn't get well by itself. */
  failed?: string | undefined;
  /** It has come to its end, and well: it isn't made again when it is gone. */
  succeeded?: string | undefined;
  /** Why it isn't as it should be. Default: what its conditions or its status' message say. */
  message?: string | undefined;
}

const conditions = "object.?status.?conditions.orValue([])";
const condition = (type: string, status: "True" | "False"): string =>
  `${conditions}.exists(c, c.type == '${type}' && c.status == '${status}')`;
const count = (field: string): string => `object.status.?${field}.orValue(0)`;
const observed = "object.status.?observedGeneration.orValue(0) >= object.metadata.?generation.orValue(0)";
const replicas = "object.spec.?replicas.orValue(1)";

const always: HealthRules = { healthy: "true" };

/** Of Kubernetes' own kinds, by apiVersion and kind. */
export const builtInHealth: Readonly<Record<string, HealthRules>> = {
  "v1 ConfigMap": always,
  "v1 Secret": always,
  "v1 ServiceAccount": always,
  "v1 Service": {
    healthy: "object.spec.?type.orValue('') != 'LoadBalancer' || size(object.status.?loadBalancer.?ingress.orValue([])) > 0",
  },
  "v1 PersistentVolumeClaim": { healthy: "object.status.phase == 'Bound'", failed: "object.status.phase == 'Lost'" },
  "v1 Pod": {
    healthy: condition("Ready", "True"),
    failed: "object.status.phase == 'Failed'",
    succeeded: "object.status.phase == 'Succeeded'",
  },
  "apps/v1 Deployment": {
    healthy: [observed, ...["replicas", "updatedReplicas", "availableReplicas"].map((field) => `${count(field)} == ${replicas}`)].join(
      " && ",
    ),
    failed: condition("Progressing", "False"),
  },
  "apps/v1 StatefulSet": {
    healthy: `${observed} && ${count("readyReplicas")} == ${replicas} && (object.status.?updateRevision.orValue('') == object.status.?currentRevision.orValue('') || object.spec.?updateStrategy.?type.orValue('') == 'OnDelete' || object.spec.?updateStrategy.?rollingUpdate.?partition.orValue(0) > 0)`,
  },
  "apps/v1 DaemonSet": {
    healthy: `${observed} && ${count("numberAvailable")} == ${count("desiredNumberScheduled")} && (${count("updatedNumberScheduled")} == ${count("desiredNumberScheduled")} || object.spec.?updateStrategy.?type.orValue('') == 'OnDelete')`,
  },
  "batch/v1 Job": { healthy: "false", failed: condition("Failed", "True"), succeeded: condition("Complete", "True") },
  "batch/v1 CronJob": always,
};

/** Of kinds that nothing is said of: what most of them have. */
export const usualHealth: HealthRules = {
  healthy: `(!has(object.status) || !has(object.status.observedGeneration) || ${observed}) && !${conditions}.exists(c, c.type == 'Ready' && c.status != 'True')`,
};
