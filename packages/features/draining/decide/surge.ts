import type { SurgedDeployment } from "@plimsoll/api";
import type { PodView } from "@plimsoll/model";

const hash = "pod-template-hash";

/** The name of the Deployment that a pod is of by all appearances; undefined: it is of none. A Deployment calls its ReplicaSets by its name and a hash. */
export function deploymentOf({ owner, shape }: PodView): string | undefined {
  const suffix = shape.labels[hash];
  if (owner?.kind !== "ReplicaSet" || suffix === undefined || !owner.name.endsWith(`-${suffix}`)) return undefined;
  return owner.name.slice(0, -suffix.length - 1);
}

/** Whether a pod is of this Deployment. */
export function isOfDeployment(pod: PodView, { namespace, deployment }: Pick<SurgedDeployment, "namespace" | "deployment">): boolean {
  return pod.namespace === namespace && deploymentOf(pod) === deployment;
}
