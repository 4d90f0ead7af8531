import type { RunFacts } from "./run.ts";

/**
 * Ended runs beyond so many of each outcome, the newest being kept. A run is told to be there for its time by its name: it goes only when
 * it is written that this time has been dealt with, up to `recorded`, or it would be made again after a crash.
 */
export function expired<R extends RunFacts>(
  limits: { succeeded: number; failed: number; cancelled: number },
  runs: readonly R[],
  recorded: number,
  queued: ReadonlySet<number>,
): R[] {
  const left = { ...limits };
  const newestFirst = runs.toSorted((a, b) => b.time - a.time || (a.name < b.name ? 1 : -1));
  return newestFirst.filter(({ phase, time }) => {
    if (phase === "active") return false;
    left[phase] -= 1;
    return left[phase] < 0 && time <= recorded && !queued.has(time);
  });
}
