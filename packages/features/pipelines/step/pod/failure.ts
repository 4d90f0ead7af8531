import { constants } from "node:os";
import type { ContainerStateTerminated, ContainerStatus, Pod, PodCondition } from "kubernetes-types/core/v1.d.ts";
import type { Failure } from "../kind.ts";

/** A condition of a pod that holds. */
export function conditionOf(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type && condition.status === "True");
}

/**
 * What a failed pod failed of. Neither its phase nor its exit code tells alone (seen on Kubernetes 1.36): a program that is told to
 * end may exit with 0 in a pod that Failed, and with 137 where somebody only deleted the pod.
 */
export function failureOf(pod: Pod, container: ContainerStatus | undefined): Failure {
  const ended = container?.state?.terminated;
  const { reason, message } = pod.status ?? {};
  if (ended?.reason === "OOMKilled") return { reason: "OOM", message: "out of memory (OOMKilled): raise resources.limits.memory" };
  if (reason === "DeadlineExceeded") return { reason, message: "took longer than its pod's activeDeadlineSeconds" };
  const disruption = disruptionOf(pod, ended);
  if (disruption !== undefined) return disruption;
  if (reason === "Evicted") return { reason, message: `evicted: ${message?.trim() ?? "it used more than its node could give"}` };
  if (ended?.reason === "ContainerCannotRun" || ended?.reason === "StartError")
    return { reason: "CannotStart", message: `the container can't start: ${ended.message ?? ended.reason}` };
  if (ended?.reason === "ContainerStatusUnknown")
    return { reason: "Unknown", message: `nobody knows how its container ended: ${ended.message ?? "its status was lost"}` };
  if (ended !== undefined && ended.exitCode !== 0) return exited(ended);
  const init = pod.status?.initContainerStatuses?.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  if (init?.state?.terminated !== undefined) {
    const failure = exited(init.state.terminated);
    return { ...failure, message: `init container ${init.name}: ${failure.message}` };
  }
  // The kubelet has refused the pod: its containers were never made.
  if (container === undefined && reason !== undefined)
    return { reason: "NeverStarted", message: `its node refused the pod (${reason}): ${message ?? ""}` };
  return { reason: "Unknown", message: message ?? reason ?? "the pod failed without a reason" };
}

/** What a pod was ended by from outside: undefined where it ended by itself, also where it was disrupted only after that. */
export function disruptionOf(pod: Pod, ended: ContainerStateTerminated | undefined): Failure | undefined {
  const finished = ended?.finishedAt === undefined || ended.finishedAt === null ? Infinity : Date.parse(String(ended.finishedAt));
  const disrupted = conditionOf(pod, "DisruptionTarget");
  if (disrupted !== undefined && !(finished < Date.parse(String(disrupted.lastTransitionTime ?? ""))))
    return { reason: "Disruption", message: `disrupted: ${disrupted.message ?? disrupted.reason ?? "the pod was evicted"}` };
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata ?? {};
  if (deletionTimestamp === undefined || finished < Date.parse(String(deletionTimestamp)) - deletionGracePeriodSeconds * 1000)
    return undefined;
  return { reason: "Deleted", message: ended === undefined ? "its pod was deleted before it started" : "its pod was deleted" };
}

/** A shell and a container runtime report a death by signal as 128 and its number. */
function exited({ exitCode }: ContainerStateTerminated): Failure {
  const signal = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0];
  return { reason: "ExitCode", exitCode, message: signal === undefined ? `exit code ${exitCode}` : `exit code ${exitCode} (${signal})` };
}
