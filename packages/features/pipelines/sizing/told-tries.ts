import type { SizedTry } from "@plimsoll/api";
import { mostTries } from "./known-tries.ts";

/** So many the status of a run tells of, of all its steps together, so that it fits into etcd. */
const mostTold = 2_000;

/** Those of a step's tries that the status of its run tells of. */
export function lastSized(plan: { sizedCount: number }, tries: readonly SizedTry[]): SizedTry[] {
  const most = mostOfStep(plan);
  return most === 0 ? [] : tries.slice(-most);
}

/** How many tries the status of a run tells of at most. */
export function mostSized(plan: { sizedCount: number }): number {
  return plan.sizedCount * mostOfStep(plan);
}

function mostOfStep({ sizedCount }: { sizedCount: number }): number {
  return Math.min(mostTries, Math.floor(mostTold / Math.max(1, sizedCount)));
}
