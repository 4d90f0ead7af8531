import type { RunStatus, StepStatus } from "@plimsoll/api";
import { ApiError } from "@plimsoll/kube";
import type { Client } from "../../permissions.ts";
import type { RunIdentity } from "../../step/labels.ts";

/** What is to be written of a status; a message that no longer holds is null. */
export type StatusChange = Omit<RunStatus, "message"> & { message?: string | null | undefined };

/** Writes what has changed of a run's status. */
export async function writeStatus(client: Client, run: RunIdentity, change: StatusChange, now: number): Promise<void> {
  await client("pipelineruns.plimsoll.dev/status").patch(run, statusPatch(run.uid, change, now));
}

/** Whether an object has become too large for etcd, or for the way there; the API server says that with 413 or 500. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 413 || (error.code === 500 && /too large|larger than max/.test(error.message)));
}

/**
 * A status as a JSON merge patch (RFC 7386): what an entry no longer has is null, as a merge would keep it otherwise.
 * An entry that changes is written whole; others aren't touched.
 */
function statusPatch(uid: string, status: StatusChange, now: number): object {
  const { steps, ...top } = status;
  const entries = steps && Object.fromEntries(Object.entries(steps).map(([name, entry]) => [name, entryPatch(entry)]));
  // With its UID, the patch can't hit a later run of the same name. By updatedAt the API server knows that only the status changes.
  return { metadata: { uid }, status: { ...top, updatedAt: new Date(now).toISOString(), ...(entries ? { steps: entries } : {}) } };
}

const noItems = { started: null, active: null, failed: null, succeededIndexes: null, failedIndexes: null };

function entryPatch({ items, ...entry }: StepStatus): object {
  return {
    message: null,
    tries: null,
    retries: null,
    sizing: null,
    outputs: null,
    ...entry,
    ...(items ? { items: { ...noItems, ...items } } : {}),
  };
}
