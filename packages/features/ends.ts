import { valueAt, type Path } from "@plimsoll/api";
import { builtInHealth } from "./built-in-health.ts";

/** When an object has come to its end, and what is read from it then: CEL expressions on `object`. */
export interface EndRules {
  succeeded: string;
  failed: string;
  /** Why it isn't as it should be. Default: what its conditions or its status' message say. */
  message?: string;
  outputs?: Readonly<Record<string, string>>;
}

const condition = (...types: string[]): string =>
  `object.?status.?conditions.orValue([]).exists(c, c.type in [${types.map((type) => `'${type}'`).join(", ")}] && c.status == 'True')`;

/** Of kinds that nothing is said of: what most that come to an end have, as PyTorchJob, MPIJob and Workflow. */
export const usualEnd: EndRules = { succeeded: condition("Complete", "Completed", "Succeeded"), failed: condition("Failed") };

/** Of kinds whose status says it in its own way, by apiVersion and kind. */
export const knownEnds: Readonly<Record<string, EndRules>> = {
  // A try of the job that failed is made again, up to its backoffLimit.
  "ray.io/v1 RayJob": {
    succeeded: "object.status.jobStatus == 'SUCCEEDED' && object.status.jobDeploymentStatus == 'Complete'",
    // What its operator refuses, as a name or spec that it can't take, it looks at no more.
    failed:
      "object.status.jobDeploymentStatus in ['Failed', 'ValidationFailed'] || (object.status.jobDeploymentStatus == 'Complete' && object.status.jobStatus != 'SUCCEEDED')",
    message: "object.status.message",
  },
  "sparkoperator.k8s.io/v1beta2 SparkApplication": {
    succeeded: "object.status.applicationState.state == 'COMPLETED'",
    failed: "object.status.applicationState.state == 'FAILED'",
    message: "object.status.applicationState.errorMessage",
    outputs: {
      applicationId: "object.status.?sparkApplicationId.orValue('')",
      driverPod: "object.status.?driverInfo.?podName.orValue('')",
    },
  },
};

/** Fields by which an object that has come to its end is deleted a while later, by its own controller. */
const leaving: readonly Path[] = [
  ["spec", "ttlSecondsAfterFinished"],
  ["spec", "runPolicy", "ttlSecondsAfterFinished"],
  ["spec", "timeToLiveSeconds"],
];

/** Whether an object comes to an end, by its kind or as it says of itself: it isn't missed when it is gone then. */
export function comesToAnEnd(object: { apiVersion: string; kind: string }): boolean {
  const key = `${object.apiVersion} ${object.kind}`;
  return builtInHealth[key]?.succeeded !== undefined || Object.hasOwn(knownEnds, key) || isLeaving(object);
}

/** Whether an object says of itself that it comes to an end, and is gone a while later. */
export function isLeaving(object: object): boolean {
  return leaving.some((field) => valueAt(object, field) !== undefined);
}
