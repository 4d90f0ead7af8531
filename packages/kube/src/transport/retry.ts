import { ApiError, ConnectionError, isRefusedByBudget } from "../errors.ts";

const maxAttempts = { asked: 10, unasked: 6 };

/** The longest wait that a server is granted, in seconds; asked for more, the error is the caller's, who may know better what to do meanwhile. */
export const longestAsked = 120;

/**
 * Milliseconds to wait before trying a failed request again; undefined when it must not be.
 * - The server asked for it with Retry-After: a 429 was not executed, so any verb may go again. A 429 without
 *   Retry-After is an answer, not a plea. So is one of over two minutes, and every one by which a PodDisruptionBudget refuses an eviction.
 * - The request never left this machine: any verb.
 * - A 5xx or a broken connection: only what may be done twice (`idempotent`), since the first may have been executed.
 */
export function retryDelay(error: unknown, attempt: number, idempotent: boolean, random: () => number): number | undefined {
  const backoff = 100 * 2 ** (attempt - 1) * (1 + random() / 2);
  if (error instanceof ConnectionError) {
    return (idempotent || !error.sent) && attempt < maxAttempts.unasked ? backoff : undefined;
  }
  if (!(error instanceof ApiError) || isRefusedByBudget(error)) return undefined;
  if (error.code === 429 || (error.code >= 500 && idempotent && error.retryAfter !== undefined)) {
    const { retryAfter } = error;
    return retryAfter !== undefined && retryAfter <= longestAsked && attempt < maxAttempts.asked ? retryAfter * 1000 : undefined;
  }
  return error.code >= 500 && idempotent && attempt < maxAttempts.unasked ? backoff : undefined;
}

/** A Retry-After header in seconds: a number of them, or an HTTP date (RFC 9110, 10.2.3), `now` being in milliseconds; undefined for anything else. */
export function retryAfterOf(header: unknown, now: number): number | undefined {
  if (typeof header !== "string") return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const date = header.endsWith(" GMT") ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}
