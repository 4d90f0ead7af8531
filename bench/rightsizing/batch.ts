import { afterKill, nextTry, type StepBounds, type StepTry } from "@plimsoll/model/sizing";
import { Random } from "../random.ts";

const mebi = 1024 ** 2;
/** What metrics-server measures by: every 15 seconds, and nothing before the second time. */
const resolution = 15;
const bounds: StepBounds = { cpu: { min: 10, max: 16_000 }, memory: { min: 16 * mebi, max: 16 * 1024 * mebi } };

/** What came of the runs after the first five, of steps of a sort. */
export interface BatchOutcome {
  steps: number;
  /** Steps that were killed for want of memory, and tried again; and those that were never done. */
  retried: number;
  failed: number;
  /** Byte-seconds that were requested, and that the peaks alone would have taken. */
  requested: number;
  peaks: number;
}

export const sorts = ["same size", "skewed, size given", "skewed, size unknown", "too short to be measured"] as const;
export type Sort = (typeof sorts)[number];

/** Runs steps of 10 s to 5 min so many times each. The first five runs teach, and are not counted. */
export function simulateBatch(sort: Sort, { steps, runs, seed }: { steps: number; runs: number; seed: number }): BatchOutcome {
  const random = new Random(seed);
  const share = (): number => random.below(1e6) / 1e6;
  const normal = (): number => Array.from({ length: 12 }, share).reduce((all, one) => all + one, -6);
  const found: BatchOutcome = { steps: 0, retried: 0, failed: 0, requested: 0, peaks: 0 };
  for (let step = 0; step < steps; step++) {
    const median = 50 * mebi * 100 ** share();
    const [duration, noise, skew] = [
      sort === "too short to be measured" ? 10 + 4 * share() : 10 * 30 ** share(),
      0.05 + 0.1 * share(),
      0.3 + 0.4 * share(),
    ];
    const fixed = 0.3 * share();
    const tries: StepTry[] = [];
    for (let run = 0; run < runs; run++) {
      const size = sort === "same size" ? 1 : Math.exp(skew * normal());
      const peak = median * (fixed + (1 - fixed) * size) * Math.exp(noise * normal());
      const seconds = Math.min(300, duration * (0.5 + 0.5 * size));
      let limit = nextTry(tries, bounds, sort === "skewed, size given" ? size : undefined).memory;
      const isCounted = run >= 5;
      if (isCounted) found.steps++;
      for (let attempt = 0; ; attempt++) {
        const one = tryOnce(peak, seconds, limit, share);
        tries.push({ ...one, ...(sort === "skewed, size given" && { size }) });
        if (isCounted) found.requested += limit * (one.wasKilled ? seconds * (limit / peak) : seconds);
        if (!one.wasKilled) break;
        if (isCounted && attempt === 0) found.retried++;
        const more = afterKill(limit, bounds);
        if (more === undefined) {
          if (isCounted) found.failed++;
          break;
        }
        limit = more;
      }
      if (isCounted) found.peaks += peak * seconds;
    }
  }
  return found;
}

/** Memory grows evenly to its peak at four fifths of the time, and stays there; it is measured by a clock of its own. */
function tryOnce(peak: number, seconds: number, limit: number, share: () => number): StepTry {
  const use = (at: number): number => peak * Math.min(1, at / (0.8 * seconds));
  const wasKilled = peak > limit;
  const end = wasKilled ? (0.8 * seconds * limit) / peak : seconds;
  let most: number | undefined;
  for (let at = resolution * (1 + share()); at < end; at += resolution) most = Math.max(most ?? 0, use(at));
  return { ...(most !== undefined && { memory: most }), limit, wasKilled };
}
