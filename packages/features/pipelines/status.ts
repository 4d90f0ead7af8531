import type { RunStatus, StepStatus } from "@plimsoll/api";
import { ApiError } from "@plimsoll/kube";
import type { Client } from "./permissions.ts";
import type { RunIdentity } from "./render.ts";

/** What is to be written of a status; a message that no longer holds is null. */
export type StatusChange = Omit<RunStatus, "message"> & { message?: string | null | undefined };

/** Writes what has changed of a run's status. What etcd can't hold of the steps is left out, so that the run can be seen to go on, and to end. */
export async function writeStatus(client: Client, run: RunIdentity, change: StatusChange, now: number): Promise<void> {
  const write = async (change: StatusChange): Promise<void> => {
    await client("pipelineruns.plimsoll.dev/status").patch(run, statusPatch(run.uid, change, now));
  };
  try {
    await write(change);
  } catch (error) {
    if (change.steps === undefined || !isTooLarge(error)) throw error;
    const { steps, ...top } = change;
    const message = [top.message, `the status has no room for what became of ${Object.keys(steps).length} steps: see their Jobs`];
    await write({ ...top, message: message.filter(Boolean).join("; ") });
  }
}

/** Whether an object has become too large for etcd, or for the way there; the API server says that with 413 or 500. */
function isTooLarge(error: unknown): boolean {
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

function entryPatch(entry: StepStatus): object {
  return {
    ...entry,
    message: entry.message ?? null,
    ...(entry.items ? { items: { ...entry.items, active: entry.items.active ?? null, failed: entry.items.failed ?? null } } : {}),
  };
}
