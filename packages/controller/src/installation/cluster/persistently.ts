import { ApiError, ConnectionError, isNotFound, type Clock } from "@plimsoll/kube";

const attempts = 8;

/** Makes a call that may be made twice again where its failure may pass: a conflict of versions, a server that is busy, or no answer. */
export async function persistently<T>(clock: Clock, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt === attempts || !passes(error)) throw error;
      await clock.sleep(50 * 2 ** attempt);
    }
  }
}

function passes(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  if (!(error instanceof ApiError)) return false;
  return error.code === 429 || error.code >= 500 || (error.code === 409 && !isOwnershipConflict(error) && !isGone(error));
}

/** Whether an object that was to be deleted by its UID is no longer there, also where another one has its name. */
export function isGone(error: unknown): boolean {
  return isNotFound(error) || (error instanceof ApiError && error.code === 409 && /UID in (the )?precondition/.test(error.message));
}

/** Whether a server-side apply was refused as the fields are another's. */
export function isOwnershipConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 409 && hasCause(error, "FieldManagerConflict");
}

function hasCause({ details }: ApiError, reason: string): boolean {
  return details?.causes.some((cause) => cause.reason === reason) ?? false;
}
