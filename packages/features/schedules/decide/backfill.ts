import { IndexSet } from "@plimsoll/model";
import type { RunFacts } from "./run.ts";

/** A run of a backfill. */
export interface BackfillRun extends RunFacts {
  /** In which of the backfill's rounds it was made. */
  round: number;
  /** Whether it was the backfill that ended it, as that was cancelled: then its time is to be run again. */
  isEndedByBackfill: boolean;
}

export interface BackfillKnown<R extends BackfillRun> {
  spec: { parallel: number; reverse: boolean; cancel: boolean; onFailure: "continue" | "stop" };
  /** Every time of the range, in order. */
  times: readonly number[];
  phase: "Running" | "Succeeded" | "Failed" | "Cancelled";
  round: number;
  skipped: string;
  succeeded: string;
  failed: string;
  runs: readonly R[];
}

export interface BackfillDecision<R extends BackfillRun> {
  /** The round that begins, before anything is started in it; undefined: none does. */
  resume: number | undefined;
  end: readonly R[];
  /** The times to start runs for. */
  start: readonly number[];
  phase: BackfillKnown<R>["phase"];
  succeeded: string;
  failed: string;
  active: number;
  done: number;
}

/** Decides for one backfill: a function of what is known alone. */
export function decideBackfill<R extends BackfillRun>({ spec, times, phase, round, runs, ...sets }: BackfillKnown<R>): BackfillDecision<R> {
  const [skipped, succeeded, failed] = [new IndexSet(sets.skipped), new IndexSet(sets.succeeded), new IndexSet(sets.failed)];
  const placeOf = new Map(times.map((time, place) => [time, place]));
  const isDone = (place: number): boolean => skipped.has(place) || succeeded.has(place) || failed.has(place);
  const active = runs.filter(({ phase }) => phase === "active");
  const busy = new Set(active.map(({ time }) => time));
  let isCutShort = false;
  for (const run of runs) {
    const place = placeOf.get(run.time);
    if (place === undefined || run.phase === "active" || isDone(place)) continue;
    if (run.phase === "succeeded") succeeded.add(place);
    else if (!run.isEndedByBackfill) failed.add(place);
    else if (run.round === round) {
      isCutShort = true;
      busy.add(run.time);
    }
  }
  const pending = times.filter((time, place) => !busy.has(time) && !isDone(place));
  const result = {
    resume: undefined,
    end: [],
    start: [],
    phase,
    succeeded: succeeded.toString(),
    failed: failed.toString(),
    active: active.length,
    done: skipped.size + succeeded.size + failed.size,
  };
  if (phase === "Succeeded" || phase === "Failed") return result;
  if (spec.cancel) {
    if (active.length > 0) return { ...result, phase: "Running", end: active.filter(({ isEnding }) => !isEnding) };
    return { ...result, phase: pending.length > 0 || isCutShort ? "Cancelled" : outcomeOf(failed) };
  }
  // Its runs of this round that were ended have their names for good.
  if (phase === "Cancelled" || (isCutShort && active.length === 0)) return { ...result, resume: round + 1, phase: "Running" };
  const isStopped = isCutShort || (spec.onFailure === "stop" && failed.size > 0);
  const wanted = spec.reverse ? pending.toReversed() : pending;
  const start = isStopped ? [] : wanted.slice(0, Math.max(0, spec.parallel - active.length));
  const isOver = active.length === 0 && start.length === 0 && !isCutShort;
  return { ...result, start, phase: isOver ? outcomeOf(failed) : "Running" };
}

function outcomeOf(failed: IndexSet): "Succeeded" | "Failed" {
  return failed.size > 0 ? "Failed" : "Succeeded";
}
