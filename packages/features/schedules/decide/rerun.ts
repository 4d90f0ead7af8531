import type { RunFacts } from "./run.ts";

/** Tells of a time whether it has a run that is not to be made again. */
export function covered(rerun: "none" | "failed" | "all", runs: readonly RunFacts[]): (time: number) => boolean {
  const newest = new Map<number, RunFacts>();
  for (const run of runs) {
    const known = newest.get(run.time);
    // A backfill's runs are later than the schedule's own; of several, what has gone well counts.
    if (known === undefined || run.phase === "succeeded" || (run.phase === "active" && known.phase !== "succeeded"))
      newest.set(run.time, run);
  }
  return (time) => {
    const run = newest.get(time);
    if (run === undefined || rerun === "all") return false;
    return rerun === "none" || run.phase === "active" || run.phase === "succeeded";
  };
}
