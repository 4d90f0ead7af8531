import { ApiError, ConnectionError, isConflict } from "../errors.ts";

const most = 8;

/** No event waits longer for another attempt, in milliseconds. */
const longest = 5 * 60_000;

/**
 * Milliseconds after which an event is tried again that failed with `error` on its nth attempt: about two minutes in all. Undefined where
 * it is given up: after eight attempts, and at once for what does not pass by itself, such as a refusal. `random` gives numbers from 0 to 1.
 */
export function delayAfter(error: unknown, attempt: number, random: () => number): number | undefined {
  if (!isTemporary(error) || attempt >= most) return undefined;
  const { retryAfter = 0 } = error instanceof ApiError ? error : {};
  return Math.min(longest, Math.max(retryAfter * 1_000, 1_000 * 2 ** (attempt - 1) * (1 + random() / 2)));
}

function isTemporary(error: unknown): boolean {
  if (error instanceof ConnectionError || isConflict(error)) return true;
  return error instanceof ApiError && (error.code === 429 || error.code >= 500);
}
