import { hasEnded, type DriverState, type ExecutorView } from "./pods.ts";

/** More executors that are gone are of no use to anybody, and an object has its limits. */
const mostTold = 1_000;

/**
 * status.executorState: what is there, and what was there before. What has gone while its driver runs may have been taken away by it, or lost;
 * once the driver has ended well, it is as its driver.
 */
export function executorStates(
  before: Readonly<Record<string, string>>,
  executors: readonly ExecutorView[],
  driver: DriverState["is"] | "gone",
): Record<string, string> {
  const there = new Map(executors.map(({ name, state }) => [name, state as string]));
  const left = driver === "succeeded" ? "COMPLETED" : driver === "failed" || driver === "gone" ? "FAILED" : "UNKNOWN";
  const gone = Object.entries(before).flatMap(([name, state]): [string, string][] =>
    there.has(name) ? [] : [[name, hasEnded(state) ? state : left]],
  );
  return Object.fromEntries([...gone.slice(-mostTold), ...there].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
