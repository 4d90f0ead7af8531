import type { Timing } from "../cron/timing.ts";
import type { Omitted } from "./omitted.ts";

/** So many times are dealt with at once; the rest follows at once, in another round. */
export const mostAtOnce = 100;

/** So many that are left out are counted: of more, it is said that there are more. */
const mostCounted = 100;

interface Question {
  timing: Pick<Timing, "next" | "previous">;
  /** Times up to here have been dealt with. */
  after: number;
  /** Times up to here are due. */
  until: number;
  /** Times before that are too late. */
  earliest: number;
  policy: "skip" | "latest" | "all";
}

interface Due {
  /** The times to run for, in their order. */
  times: number[];
  omitted: Omitted[];
  /** Up to here all is dealt with now. */
  upTo: number;
  /** Whether there are more times that are due. */
  isMore: boolean;
}

/** Which times are due, and which of them are left out because nothing was there to start their runs. */
export function due({ timing, after, until, earliest, policy }: Question): Due {
  const last = until > after ? timing.previous(until + 1) : undefined;
  if (last === undefined || last <= after) return { times: [], omitted: [], upTo: after, isMore: false };
  const first = policy === "latest" ? Math.max(last, earliest) : earliest;
  const omitted = omissions(timing, after, Math.min(first, last + 1));
  if (first > last) return { times: [], omitted, upTo: last, isMore: false };
  const times: number[] = [];
  for (let time = timing.next(Math.max(after, first - 1)); time !== undefined && time <= last; time = timing.next(time)) {
    if (times.length === mostAtOnce) return { times, omitted, upTo: times.at(-1) ?? after, isMore: true };
    times.push(time);
  }
  return { times, omitted, upTo: last, isMore: false };
}

/** The times between two moments, both left out. */
function omissions(timing: Question["timing"], after: number, before: number): Omitted[] {
  if (before <= after) return [];
  const from = timing.next(after);
  const to = timing.previous(before);
  if (from === undefined || to === undefined || from >= before || to <= after) return [];
  let count = 0;
  for (let time: number | undefined = from; time !== undefined && time < before; time = timing.next(time)) {
    if (count === mostCounted) return [{ reason: "Missed", from, to, count, isMore: true }];
    count += 1;
  }
  return [{ reason: "Missed", from, to, count, isMore: false }];
}
