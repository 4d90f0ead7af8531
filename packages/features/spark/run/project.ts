import type { ExecutorState, SparkApplication } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";
import { ownerOf } from "@plimsoll/model";
import type { ContainerStatus, Pod } from "kubernetes-types/core/v1.d.ts";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import type { Application } from "../decide/application.ts";
import type { DriverState, DriverView, ExecutorView } from "../decide/pods.ts";
import { containers, labels, timeAnnotation } from "../labels.ts";
import type { Specs } from "./specs.ts";

/** What keeps a container from beginning until somebody changes something. */
const stuck = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "CreateContainerConfigError",
  "CreateContainerError",
]);

/** An application as it is decided by; undefined for one that is being deleted. */
export function applicationOf({ metadata, spec, status = {} }: Stored<SparkApplication>, specs: Specs): Application | undefined {
  const { namespace = "", name, uid, generation = 0, resourceVersion, labels, annotations, deletionTimestamp } = metadata;
  if (deletionTimestamp !== undefined) return undefined;
  const owner = ownerOf(metadata as Pick<ObjectMeta, "ownerReferences">);
  const { read, digest, isSuspended } = specs.of({ uid, generation }, spec);
  return {
    namespace,
    name,
    uid,
    generation,
    resourceVersion,
    labels,
    schedule: owner?.kind === "ScheduledSparkApplication" ? { name: owner.name, uid: owner.uid } : undefined,
    scheduledFor: Date.parse(annotations?.[timeAnnotation] ?? "") || undefined,
    read,
    isSuspended,
    digest,
    status,
  };
}

/** A driver or an executor; undefined for any other pod. */
export type SparkPod = { /** The application's name. */ application: string } & (
  ({ role: "driver" } & DriverView) | ({ role: "executor" } & ExecutorView)
);

/** What is kept of a pod. */
export function sparkPodOf({ metadata, status }: Stored<Pod>): SparkPod | undefined {
  const { namespace = "", name, uid, deletionTimestamp } = metadata;
  const of = metadata.labels ?? {};
  const application = of[labels.application] ?? "";
  const common = { namespace, name, uid, application, isDeleted: deletionTimestamp !== undefined };
  if (of[labels.role] === "executor")
    return {
      role: "executor",
      ...common,
      applicationId: of[labels.selector] ?? "",
      state: executorState(status),
    };
  const owner = ownerOf(metadata);
  if (of[labels.role] !== "driver" || owner?.kind !== "SparkApplication") return undefined;
  return { role: "driver", ...common, owner: owner.uid, submission: of[labels.submission] ?? "", state: driverState(status) };
}

function executorState(status: Pod["status"]): ExecutorState {
  switch (status?.phase) {
    case "Running":
      return "RUNNING";
    case "Succeeded":
      return "COMPLETED";
    case "Failed":
      return "FAILED";
    case "Unknown":
      return "UNKNOWN";
    default:
      return "PENDING";
  }
}

/** What a driver has come to: its own container counts, whatever else goes on in its pod. */
function driverState(status: Pod["status"]): DriverState {
  const { phase, reason, message, containerStatuses = [], conditions = [] } = status ?? {};
  const main = containerStatuses.find(({ name }) => name === containers.driver);
  const end = main?.state?.terminated;
  if (end !== undefined) return end.exitCode === 0 ? { is: "succeeded" } : { is: "failed", why: whyFailed(end, reason) };
  if (phase === "Succeeded") return { is: "succeeded" };
  if (phase === "Failed")
    return { is: "failed", why: `the driver pod failed: ${[reason, message].filter(Boolean).join(": ") || "its node didn't say why"}` };
  if (phase === "Unknown") return { is: "unknown", ...(message ? { why: message } : {}) };
  if (main?.state?.running !== undefined) return { is: "running" };
  const waiting = main?.state?.waiting;
  if (waiting?.reason !== undefined && stuck.has(waiting.reason))
    return { is: "pending", why: `the driver can't begin: ${[waiting.reason, waiting.message].filter(Boolean).join(": ")}` };
  const unplaced = conditions.find(
    ({ type, status, reason }) => type === "PodScheduled" && status === "False" && reason === "Unschedulable",
  );
  return { is: "pending", ...(unplaced?.message ? { why: `no node takes the driver: ${unplaced.message}` } : {}) };
}

type Terminated = NonNullable<NonNullable<ContainerStatus["state"]>["terminated"]>;

function whyFailed({ exitCode, reason, message }: Terminated, podReason: string | undefined): string {
  if (reason === "OOMKilled") return "the driver ran out of memory (OOMKilled): raise driver.memoryOverhead or driver.memory";
  const why = [podReason, reason === "Error" ? undefined : reason, message?.trim().slice(0, 500)].filter(Boolean).join(": ");
  return `the driver ended with exit code ${exitCode}${why ? ` (${why})` : ""}: \`plimsoll spark logs\` shows what it said`;
}
