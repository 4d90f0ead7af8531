import type { Container, ContainerStatus, Pod, PodSpec } from "kubernetes-types/core/v1.d.ts";
import { amounts, type Amounts } from "../../amounts/requests.ts";
import { Interned } from "../../interned.ts";
import { ownerOf, type Owner } from "../../owner.ts";
import { timeOf } from "../../pod.ts";
import type { Labels } from "../../selector.ts";
import { sizedResources, type SizedResource } from "../resource.ts";
import { optOut, stepLabel } from "./labels.ts";

/** What a container asks for, and what it may have at most. */
export interface SizedContainer {
  name: string;
  requests: Amounts;
  limits: Amounts;
  /** Whether it stands among the init containers, and runs on. */
  isSidecar?: true;
}

/** That a container was killed for want of memory. */
export interface Kill {
  container: string;
  /** When it ended. Milliseconds since 1970. */
  at: number;
}

/** What pods of one template have in common. */
export interface SizedShape {
  labels: Labels;
  /** Of a pipeline's pod, its step. */
  step: string | undefined;
  isOptedOut: boolean;
  /** What it asks for, or is limited to, as a whole, beside its containers. */
  whole: readonly SizedResource[];
  /** With its sidecars. */
  containers: readonly SizedContainer[];
}

/** What right-sizing knows of a pod. */
export interface SizedPod {
  namespace: string;
  name: string;
  uid: string;
  createdAt: number;
  /** Whether none of its containers runs, or will run, any more. */
  isOver: boolean;
  /** Since when all its containers run; undefined: not all do. Milliseconds since 1970. */
  runsSince: number | undefined;
  owner: Owner | undefined;
  shape: SizedShape;
  /** Of each container the last that its status tells of. */
  kills: readonly Kill[];
}

const shapes = new Interned<SizedShape>();
const none: readonly Kill[] = [];

/** How right-sizing sees pods. */
export const sizedPods = {
  project: sizedPodOf,
  indexes: { namespace: ({ namespace }: SizedPod): readonly string[] => [namespace] },
};

export function sizedPodOf({ metadata = {}, spec, status = {} }: Pod): SizedPod {
  const { namespace = "", name = "", uid = "", labels = {}, annotations = {} } = metadata;
  const kills = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].flatMap(killOf);
  return {
    namespace,
    name,
    uid,
    createdAt: timeOf(metadata.creationTimestamp) ?? 0,
    isOver: status.phase === "Succeeded" || status.phase === "Failed" || hasEnded(spec, status),
    runsSince: status.phase === "Running" ? runsSince(status.containerStatuses ?? []) : undefined,
    owner: ownerOf(metadata),
    shape: shapes.of({
      labels,
      step: labels[stepLabel],
      isOptedOut: annotations[optOut.annotation] === optOut.value,
      whole: wholeOf(spec as { resources?: Container["resources"] } | undefined),
      containers: sizedContainersOf(spec),
    }),
    kills: kills.length === 0 ? none : kills,
  };
}

/** Whether all containers of a pod have ended, and are not started again: its phase says so later. */
function hasEnded(spec: PodSpec | undefined, { containerStatuses = [] }: NonNullable<Pod["status"]>): boolean {
  const isOne = ({ name, restartPolicy }: Container & { restartPolicy?: string }): boolean =>
    restartPolicy === undefined && containerStatuses.some((one) => one.name === name && one.state?.terminated !== undefined);
  return spec?.restartPolicy === "Never" && spec.containers.every(isOne);
}

function runsSince(statuses: readonly ContainerStatus[]): number | undefined {
  const starts = statuses.map(({ state }) => timeOf(state?.running?.startedAt) ?? Infinity);
  const last = Math.max(-Infinity, ...starts);
  return Number.isFinite(last) ? last : undefined;
}

function wholeOf({ resources = {} }: { resources?: Container["resources"] } = {}): SizedResource[] {
  return sizedResources.filter((one) => resources.requests?.[one] !== undefined || resources.limits?.[one] !== undefined);
}

/** What the containers of a pod, or of a template for some, ask for: those that run on, with the sidecars. */
export function sizedContainersOf(spec: Pick<PodSpec, "containers" | "initContainers"> | undefined): SizedContainer[] {
  const sidecars = (spec?.initContainers ?? []).filter((one) => (one as { restartPolicy?: string }).restartPolicy === "Always");
  return [
    ...(spec?.containers ?? []).map(sizedContainerOf),
    ...sidecars.map((one) => ({ ...sizedContainerOf(one), isSidecar: true as const })),
  ];
}

function sizedContainerOf({ name, resources = {} }: Container): SizedContainer {
  return { name, requests: ofBoth(resources.requests), limits: ofBoth(resources.limits) };
}

/** Of CPU and memory alone. */
export function ofBoth(list: Readonly<Record<string, string>> = {}): Amounts {
  const all = amounts(list);
  return Object.fromEntries(["cpu", "memory"].flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

/** A container that was restarted since tells of its end as its last state. */
function killOf({ name, state, lastState }: ContainerStatus): Kill[] {
  for (const { terminated } of [state ?? {}, lastState ?? {}]) {
    if (terminated?.reason !== "OOMKilled") continue;
    const at = timeOf(terminated.finishedAt);
    if (at !== undefined && !Number.isNaN(at)) return [{ container: name, at }];
  }
  return [];
}
