import { sizedPodOf, sizedPods, ofBoth, type SizedPod, type SizedResource } from "@plimsoll/model/sizing";
import { Interned, timeOf, type Amounts } from "@plimsoll/model";
import type { Container, ContainerStatus, Pod } from "kubernetes-types/core/v1.d.ts";

/** How a container ended that should not have. */
export interface BadEnd {
  container: string;
  /** Milliseconds since 1970. */
  at: number;
  /** As in `was killed for want of memory` or `ended with exit code 1`. */
  how: string;
  isKill: boolean;
}

/** How the kubelet is about a pod's last resize, where that isn't done. */
export interface PendingResize {
  state: "InProgress" | "Deferred" | "Infeasible" | "Error";
  message: string;
}

/** What the resizing knows of a pod. */
export interface ResizablePod extends SizedPod {
  isPlaced: boolean;
  isEnding: boolean;
  /** Since when no node takes it. Milliseconds since 1970. */
  unplaceableSince: number | undefined;
  qos: string;
  /** Of each container, the resources a change of which restarts it. */
  restarts: Readonly<Record<string, readonly SizedResource[]>>;
  resize: PendingResize | undefined;
  /** Of each container, what the kubelet gives it; missing where it doesn't say. */
  given: Readonly<Record<string, { requests: Amounts; limits: Amounts }>>;
  /** Of each container the last that its status tells of. */
  badEnds: readonly BadEnd[];
}

type Condition = NonNullable<NonNullable<Pod["status"]>["conditions"]>[number];

const shared = new Interned<object>();

/** How the resizing sees pods. */
export const resizablePods = {
  project: resizablePodOf,
  indexes: { namespace: sizedPods.indexes.namespace as (pod: ResizablePod) => readonly string[] },
};

/** What the kubelet's conditions on a resize, and a container's status, have beside what the types know. */
type Status = ContainerStatus & { resources?: { requests?: Record<string, string>; limits?: Record<string, string> } };

export function resizablePodOf(pod: Pod): ResizablePod {
  const { metadata = {}, spec, status = {} } = pod;
  const statuses: Status[] = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  return {
    ...sizedPodOf(pod),
    isPlaced: (spec?.nodeName ?? "") !== "",
    isEnding: metadata.deletionTimestamp !== undefined,
    unplaceableSince: unplaceableSince(status.conditions ?? []),
    qos: status.qosClass ?? "",
    restarts: shared.of(restartsOf([...(spec?.containers ?? []), ...(spec?.initContainers ?? [])])),
    resize: resizeOf(status.conditions ?? []),
    given: shared.of(
      Object.fromEntries(
        statuses.flatMap(({ name, resources }) =>
          resources === undefined ? [] : [[name, { requests: ofBoth(resources.requests), limits: ofBoth(resources.limits) }]],
        ),
      ),
    ),
    badEnds: statuses.flatMap(badEndOf),
  };
}

function restartsOf(containers: readonly Container[]): Record<string, SizedResource[]> {
  return Object.fromEntries(
    containers.flatMap((container) => {
      const policies = (container as { resizePolicy?: { resourceName: string; restartPolicy: string }[] }).resizePolicy ?? [];
      const restarting = policies
        .filter(({ restartPolicy }) => restartPolicy === "RestartContainer")
        .map(({ resourceName }) => resourceName);
      return restarting.length === 0 ? [] : [[container.name, restarting as SizedResource[]]];
    }),
  );
}

function unplaceableSince(conditions: readonly Condition[]): number | undefined {
  return timeOf(
    conditions.find(({ type, status, reason }) => type === "PodScheduled" && status === "False" && reason === "Unschedulable")
      ?.lastTransitionTime,
  );
}

function resizeOf(conditions: readonly Condition[]): PendingResize | undefined {
  const of = (type: string) => conditions.find((condition) => condition.type === type && condition.status === "True");
  const [pending, inProgress] = [of("PodResizePending"), of("PodResizeInProgress")];
  if (pending !== undefined) return { state: pending.reason === "Infeasible" ? "Infeasible" : "Deferred", message: pending.message ?? "" };
  if (inProgress !== undefined) return { state: inProgress.reason === "Error" ? "Error" : "InProgress", message: inProgress.message ?? "" };
  return undefined;
}

/** A container that was restarted since tells of its end as its last state. */
function badEndOf({ name, state, lastState }: ContainerStatus): BadEnd[] {
  for (const { terminated } of [state ?? {}, lastState ?? {}]) {
    if (terminated === undefined) continue;
    const at = timeOf(terminated.finishedAt);
    if (at === undefined || Number.isNaN(at)) continue;
    if (terminated.reason === "OOMKilled") return [{ container: name, at, how: "was killed for want of memory", isKill: true }];
    if (terminated.exitCode !== 0) return [{ container: name, at, how: `ended with exit code ${terminated.exitCode}`, isKill: false }];
  }
  return [];
}
