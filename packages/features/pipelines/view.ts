import { constants } from "node:os";
import type { Job } from "kubernetes-types/batch/v1.d.ts";
import type { ContainerStatus, Pod } from "kubernetes-types/core/v1.d.ts";
import { messageLimit, type Written } from "./outputs.ts";

/** The labels by which Jobs and pods are found, and what they stand for. */
export const labels = {
  run: "plimsoll.dev/run",
  runUid: "plimsoll.dev/run-uid",
  step: "plimsoll.dev/step",
  item: "plimsoll.dev/item",
} as const;

/** The container that runs what the user gave. */
export const containerName = "step";

interface View {
  namespace: string;
  name: string;
  run: string;
  /** Tells a run from an earlier one of the same name, whose Jobs may still be there. Empty for what is no run's. */
  runUid: string;
  step: string;
}

/** What the engine reads of a Job. */
export interface JobView extends View {
  /** The item that it works on; 0 for a step that runs once; undefined for the Job of all items. */
  item: number | undefined;
  createdAt: string;
  /** Set as soon as the Job controller has given the Job up, before its last pods have gone. */
  failure: { reason: string; message: string } | undefined;
  complete: boolean;
  deleting: boolean;
  failedItems: number;
}

/** What the engine reads of a pod. */
export interface PodView extends View {
  /** The item that it works on; 0 for a step that runs once. */
  item: number;
  phase: "active" | "succeeded" | "failed";
  /** What the container wrote to its termination message, and how many bytes of it are kept. */
  written: Written;
  /** Why it doesn't start, or why it failed. */
  problem: string | undefined;
  /** RFC 3339; empty while it is active. */
  finishedAt: string;
  deleting: boolean;
}

/** The part of a Job that is kept in the cache. */
export function viewJob(job: Job): JobView {
  const conditions = job.status?.conditions ?? [];
  const given = conditions.find(({ type, status }) => (type === "Failed" || type === "FailureTarget") && status === "True");
  return {
    ...identity(job),
    item: numberOf(job.metadata?.labels?.[labels.item]) ?? (job.spec?.completionMode === "Indexed" ? undefined : 0),
    createdAt: String(job.metadata?.creationTimestamp ?? ""),
    failure: given && { reason: given.reason ?? "", message: given.message ?? "" },
    complete: conditions.some(({ type, status }) => (type === "Complete" || type === "SuccessCriteriaMet") && status === "True"),
    deleting: job.metadata?.deletionTimestamp !== undefined,
    failedItems: countIndexes(job.status?.failedIndexes ?? ""),
  };
}

/** The part of a pod that is kept in the cache. */
export function viewPod(pod: Pod): PodView {
  // Others may have put in containers of their own, as a service mesh does.
  const statuses = pod.status?.containerStatuses;
  const container = statuses?.find(({ name }) => name === containerName) ?? statuses?.[0];
  const ended = container?.state?.terminated;
  // What somebody has copied from a pod of a Job's, labels and all, isn't one.
  const isOwned = pod.metadata?.ownerReferences?.some(({ kind, controller }) => kind === "Job" && controller);
  return {
    ...identity(pod),
    ...(isOwned ? {} : { runUid: "" }),
    item: itemOf(pod) ?? 0,
    phase: pod.status?.phase === "Succeeded" ? "succeeded" : pod.status?.phase === "Failed" ? "failed" : "active",
    written: { text: ended?.message ?? "", limit: messageLimit(containersOf(pod)) },
    problem:
      pod.status?.phase === "Failed" ? failureOf(pod, container) : pod.status?.phase === "Succeeded" ? undefined : waitOf(pod, container),
    finishedAt: String(ended?.finishedAt ?? ""),
    deleting: pod.metadata?.deletionTimestamp !== undefined,
  };
}

function containersOf({ spec }: Pod): number {
  return Math.max(1, spec?.containers.length ?? 0) + (spec?.initContainers?.length ?? 0) + (spec?.ephemeralContainers?.length ?? 0);
}

function identity({ metadata }: Job | Pod): Pick<View, "namespace" | "name" | "run" | "runUid" | "step"> {
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    run: metadata?.labels?.[labels.run] ?? "",
    runUid: metadata?.labels?.[labels.runUid] ?? "",
    step: metadata?.labels?.[labels.step] ?? "",
  };
}

/** The item that a pod works on; undefined for a step that runs once. */
export function itemOf({ metadata }: Pod): number | undefined {
  return numberOf(metadata?.labels?.[labels.item]) ?? numberOf(metadata?.annotations?.["batch.kubernetes.io/job-completion-index"]);
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

function failureOf(pod: Pod, container: ContainerStatus | undefined): string {
  const disrupted = pod.status?.conditions?.find(({ type, status }) => type === "DisruptionTarget" && status === "True");
  const ended = container?.state?.terminated;
  if (ended?.reason === "OOMKilled") return "out of memory (OOMKilled): raise resources.limits.memory";
  if (disrupted) return `disrupted: ${disrupted.message ?? disrupted.reason ?? "the pod was evicted"}`;
  if (ended?.reason === "ContainerCannotRun" || ended?.reason === "StartError")
    return `the container can't start: ${ended.message ?? ended.reason}`;
  if (ended && ended.exitCode !== 0) return exited(ended.exitCode);
  return pod.status?.message ?? pod.status?.reason ?? "the pod failed";
}

/** A shell and a container runtime report a death by signal as 128 and its number. */
function exited(code: number): string {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return signal === undefined ? `exit code ${code}` : `exit code ${code} (${signal})`;
}

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

function waitOf(pod: Pod, container: ContainerStatus | undefined): string | undefined {
  const waiting = container?.state?.waiting;
  const explained = waiting?.reason === undefined ? undefined : stuck[waiting.reason];
  if (explained !== undefined) return [`${explained} (${waiting?.reason})`, waiting?.message].filter(Boolean).join(": ");
  const scheduled = pod.status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
  return scheduled?.reason === "Unschedulable" ? `unschedulable: ${scheduled.message ?? ""}` : undefined;
}

/** How many numbers `1,3-5,7` names. */
export function countIndexes(text: string): number {
  let count = 0;
  for (const part of text.split(",").filter(Boolean)) {
    const [first = 0, last = first] = part.split("-").map(Number);
    count += last - first + 1;
  }
  return count;
}
