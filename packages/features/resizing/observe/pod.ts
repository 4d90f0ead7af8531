import { ofBoth, sizedPodOf, sizedPods, type SizedPod, type SizedResource } from "@plimsoll/model/sizing";
import { Interned, timeOf } from "@plimsoll/model";
import type { Container, ContainerStatus, Pod } from "kubernetes-types/core/v1.d.ts";
import { isTight } from "../decide/resources.ts";
import { resizeOf, type PendingResize } from "./resize.ts";

/** How a container ended that should not have. */
export interface BadEnd {
  container: string;
  /** Milliseconds since 1970. */
  at: number;
  /** As in `was killed for want of memory` or `ended with exit code 1`. */
  how: string;
  isKill: boolean;
}

/** What the resizing knows of a pod. */
export interface ResizablePod extends SizedPod {
  isPlaced: boolean;
  isEnding: boolean;
  /** Whether an init container that ends doesn't ask for as much as its limits: that counts for the class of service. */
  hasLooseInit: boolean;
  /** Since when no node takes it. Milliseconds since 1970. */
  unplaceableSince: number | undefined;
  /** Whether it has a node, and its containers were never ready. */
  isYetUnready: boolean;
  /** Since when it is ready; undefined: it isn't. Milliseconds since 1970. */
  readySince: number | undefined;
  qos: string;
  /** Of each container, the resources a change of which restarts it. */
  restarts: Readonly<Record<string, readonly SizedResource[]>>;
  resize: PendingResize | undefined;
  /** Of each container those that its status tells of, the later first: at most two. */
  badEnds: readonly BadEnd[];
}

type Condition = NonNullable<NonNullable<Pod["status"]>["conditions"]>[number];

const shared = new Interned<object>();

/** How the resizing sees pods. */
export const resizablePods = {
  project: resizablePodOf,
  indexes: { ...sizedPods.indexes, owner: ({ owner }: ResizablePod): readonly string[] => (owner === undefined ? [] : [owner.uid]) },
};

export function resizablePodOf(pod: Pod): ResizablePod {
  const { metadata = {}, spec, status = {} } = pod;
  return {
    ...sizedPodOf(pod),
    isPlaced: (spec?.nodeName ?? "") !== "",
    isEnding: metadata.deletionTimestamp !== undefined,
    hasLooseInit: (spec?.initContainers ?? []).some(
      (one) =>
        (one as { restartPolicy?: string }).restartPolicy !== "Always" &&
        !isTight({ requests: ofBoth(one.resources?.requests), limits: ofBoth(one.resources?.limits) }),
    ),
    unplaceableSince: unplaceableSince(status.conditions ?? []),
    ...readinessOf(pod),
    qos: status.qosClass ?? "",
    restarts: shared.of(restartsOf([...(spec?.containers ?? []), ...(spec?.initContainers ?? [])])),
    resize: resizeOf(pod),
    badEnds: badEndsOf(status),
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

/** So much later than a pod's start its kubelet may first say that it isn't ready, in milliseconds. */
const firstWord = 5_000;

/** One that was ready, and isn't any more, has become so later than it started. */
function readinessOf({ spec, status = {} }: Pod): Pick<ResizablePod, "isYetUnready" | "readySince"> {
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  const at = timeOf(ready?.lastTransitionTime);
  if (ready?.status === "True") return { isYetUnready: false, readySince: at };
  const wasReady = at !== undefined && at > (timeOf(status.startTime) ?? at) + firstWord;
  return { isYetUnready: (spec?.nodeName ?? "") !== "" && !wasReady, readySince: undefined };
}

function unplaceableSince(conditions: readonly Condition[]): number | undefined {
  return timeOf(
    conditions.find(({ type, status, reason }) => type === "PodScheduled" && status === "False" && reason === "Unschedulable")
      ?.lastTransitionTime,
  );
}

/** Of what a node that goes down, or others of more priority, have ended, only kills for want of memory count; nor does it say anything how a sidecar ends with its pod. */
function badEndsOf({ phase, conditions = [], containerStatuses = [], initContainerStatuses = [] }: NonNullable<Pod["status"]>): BadEnd[] {
  const isOver = phase === "Succeeded" || phase === "Failed";
  const isDisturbed = conditions.some(({ type, status }) => type === "DisruptionTarget" && status === "True");
  const ends = [...containerStatuses.flatMap(badEndsIn), ...(isOver ? [] : initContainerStatuses.flatMap(badEndsIn))];
  return phase === "Succeeded" ? [] : ends.filter(({ isKill }) => isKill || !isDisturbed);
}

/** The last two of a container that its status tells of, the later first: of one that was restarted since, that before is its last state. */
function badEndsIn({ name, state, lastState }: ContainerStatus): BadEnd[] {
  return [state?.terminated, lastState?.terminated].flatMap((terminated): BadEnd[] => {
    const at = timeOf(terminated?.finishedAt);
    if (terminated === undefined || at === undefined || Number.isNaN(at)) return [];
    if (terminated.reason === "OOMKilled") return [{ container: name, at, how: "was killed for want of memory", isKill: true }];
    return terminated.exitCode === 0 ? [] : [{ container: name, at, how: `ended with exit code ${terminated.exitCode}`, isKill: false }];
  });
}
