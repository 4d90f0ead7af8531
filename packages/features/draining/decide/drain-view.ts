import { parseDuration, type Drain, type DrainStatus } from "@plimsoll/api";
import type { DrainPolicy } from "../plan/index.ts";

/** Keeps a Drain that is deleted until what it has cordoned is uncordoned, and Deployments have their scale again. */
export const finalizer = "plimsoll.dev/undo-drain";

/** What is known of a Drain, with the status that was written last. */
export interface DrainView {
  name: string;
  uid: string;
  generation: number;
  createdAt: number;
  isDeleted: boolean;
  hasFinalizer: boolean;
  spec: Drain["spec"];
  status: DrainStatus;
}

export function viewDrain({ metadata, spec, status = {} }: Drain): DrainView {
  const { name = "", uid = "", generation = 0, creationTimestamp = "", deletionTimestamp, finalizers } = metadata;
  return {
    name,
    uid,
    generation,
    createdAt: Date.parse(creationTimestamp),
    isDeleted: deletionTimestamp !== undefined,
    hasFinalizer: Array.isArray(finalizers) && finalizers.includes(finalizer),
    spec,
    status,
  };
}

/** Whether a Drain has come to its end. */
export function isEnded({ status: { phase } }: DrainView): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

/** Whether a Drain still keeps nodes cordoned, or is to. */
export function holdsNodes(drain: DrainView): boolean {
  return !drain.isDeleted && drain.status.phase !== "Failed";
}

/** How a Drain's nodes are drained. */
export function policyOf({ spec, status }: DrainView, now: number): DrainPolicy {
  return policyFor(spec, status.startedAt === undefined ? now : Date.parse(status.startedAt));
}

/** How the nodes of a Drain that started then are drained; milliseconds since 1970. */
export function policyFor({ maxParallel = 5, waitForJobs, surge = false, allow = {} }: Drain["spec"], startedAt: number): DrainPolicy {
  return {
    maxParallel,
    jobsUntil: waitForJobs === undefined ? 0 : startedAt + parseDuration(waitForJobs),
    surge,
    evictsUnmanaged: allow.unmanaged ?? false,
    deletesLocalData: allow.emptyDir ?? false,
  };
}
