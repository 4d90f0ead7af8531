import { disruptions, parseDuration, type Retry } from "@plimsoll/api";
import type { Failure } from "../step/kind.ts";

/** What becomes of an item whose try has failed: whether the failure counts against the limit, and whether it is tried again. */
export function judgeFailure(retry: Retry | undefined, failure: Failure, failures: number): { counts: boolean; again: boolean } {
  const listed = retry?.reasons?.some((entry) => matches(entry, failure)) ?? false;
  if (disruptions.has(failure.reason) && !listed) return { counts: false, again: true };
  const isRetried = retry?.reasons === undefined || listed;
  return { counts: true, again: isRetried && failures < (retry?.limit ?? 0) };
}

/**
 * Milliseconds to wait before an item is tried again that has failed `failures` times; for one that was disrupted, `disrupted` times in all,
 * less: nothing is wrong with it.
 */
export function pauseBefore(retry: Retry | undefined, counts: boolean, failures: number, disrupted: number): number {
  const { initial = "10s", factor = 2, max = "5m" } = retry?.backoff ?? {};
  const longest = parseDuration(max);
  if (!counts) return Math.min(1_000 * 2 ** (disrupted - 1), longest);
  return Math.min(parseDuration(initial) * factor ** (failures - 1), longest);
}

function matches(entry: number | string, { reason, exitCode }: Failure): boolean {
  if (entry === reason) return true;
  if (reason !== "ExitCode" || exitCode === undefined) return false;
  const [first = NaN, last = first] = String(entry).split("-").map(Number);
  return first <= exitCode && exitCode <= last;
}
