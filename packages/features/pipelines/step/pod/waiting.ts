import type { ContainerStatus, Pod } from "kubernetes-types/core/v1.d.ts";
import { conditionOf } from "./failure.ts";

/** Reasons for which a container waits that won't pass by themselves; others, as ContainerCreating, are part of every start. */
const stuck: Record<string, string> = {
  ErrImagePull: "the image can't be pulled",
  ImagePullBackOff: "the image can't be pulled",
  ErrImageNeverPull: "the image is not on the node, and imagePullPolicy is Never",
  InvalidImageName: "the image's name is invalid",
  CreateContainerConfigError: "the container can't be configured",
  CreateContainerError: "the container can't be created",
  RunContainerError: "the container can't start",
};

/** Why a pod doesn't begin, where that is known. */
export function waitingFor(pod: Pod, container: ContainerStatus | undefined): string | undefined {
  for (const status of [...(pod.status?.initContainerStatuses ?? []), ...(container === undefined ? [] : [container])]) {
    const waiting = status.state?.waiting;
    const explained = waiting?.reason === undefined ? undefined : stuck[waiting.reason];
    if (explained === undefined) continue;
    const which = status === container ? "" : `init container ${status.name}: `;
    return `${which}${[`${explained} (${waiting?.reason})`, waiting?.message].filter(Boolean).join(": ")}`;
  }
  const scheduled = pod.status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (scheduled?.reason === "Unschedulable") return `unschedulable: ${scheduled.message ?? ""}`;
  return scheduled?.reason === "SchedulingGated" ? "held back by its scheduling gates" : undefined;
}

/** Since when a pod has had its node without its containers having been made; milliseconds since 1970. */
export function startingSince(pod: Pod, container: ContainerStatus | undefined): number | undefined {
  const waiting = container?.state?.waiting?.reason;
  if (container !== undefined && waiting !== "ContainerCreating" && waiting !== "PodInitializing") return undefined;
  const runs = pod.status?.initContainerStatuses?.some(({ state }) => state?.running !== undefined || state?.terminated !== undefined);
  const scheduled = conditionOf(pod, "PodScheduled");
  return runs || scheduled?.lastTransitionTime === undefined ? undefined : Date.parse(String(scheduled.lastTransitionTime));
}
