import type { Timing } from "../cron/timing.ts";
import { due } from "./due.ts";
import { expired } from "./history.ts";
import type { Omission, Omitted } from "./omitted.ts";
import type { RunFacts } from "./run.ts";

/** What a schedule says, checked. Durations and times are in milliseconds. */
export interface Rules {
  timing: Timing;
  /** Another for a timing that differs. */
  digest: string;
  /** How much later than its time a run starts. */
  delay: number;
  isSuspended: boolean;
  missedRuns: "skip" | "latest" | "all";
  /** How much later it may start; Infinity without a limit. */
  deadline: number;
  concurrency: "Allow" | "Forbid" | "Replace" | "Queue";
  history: { succeeded: number; failed: number; cancelled: number };
}

/** What its status has of what was done. */
export interface Record {
  digest: string | undefined;
  /** Up to here all has been dealt with, but for the queue. */
  lastTime: number | undefined;
  /** Times that wait for others, or could not be started for now. */
  queue: readonly number[];
}

export interface Known<R extends RunFacts> {
  rules: Rules;
  record: Record;
  createdAt: number;
  /** The runs that belong to it. */
  runs: readonly R[];
  /** Times for which runs were made that the record doesn't tell of yet, whether these are still there or not. */
  made: readonly number[];
  now: number;
}

/** What is to be done, in this order: end, start each time, write the record, and remove. */
export interface Decision<R extends RunFacts = RunFacts> {
  end: readonly R[];
  start: readonly number[];
  record: Record & { digest: string; lastTime: number };
  omitted: readonly Omitted[];
  remove: readonly R[];
  /** When to decide again, if nothing else happens before; Infinity: never. */
  wake: number;
}

/** More that wait for their turn are no queue, but a schedule that can't keep up. */
const longestQueue = 1_000;

/** Decides for one schedule: a function of what is known alone. */
export function decide<R extends RunFacts>({ rules, record, createdAt, runs, made, now }: Known<R>): Decision<R> {
  const { timing, digest, delay, deadline, isSuspended, concurrency } = rules;
  const isKnown = record.digest === digest && record.lastTime !== undefined;
  // Another timing counts from when it is seen: of the times that it would have had before, none was promised.
  const base = isKnown ? (record.lastTime ?? now) : record.digest === undefined ? createdAt : now;
  const found = isSuspended
    ? { times: [], omitted: [], upTo: base, isMore: false }
    : due({ timing, after: base, until: now - delay, earliest: now - delay - limitOf(rules), policy: rules.missedRuns });
  const omitted: Omitted[] = [...found.omitted];
  const leave = (reason: Omission, times: readonly number[]): void => {
    const [from, to] = [times[0], times.at(-1)];
    if (from !== undefined && to !== undefined) omitted.push({ reason, from, to, count: times.length, isMore: false });
  };

  // What was started for a time, though a crash kept that from being written, has been dealt with.
  const begun = new Set([...runs.map(({ time }) => time), ...made]);
  const isOrdered = concurrency === "Queue" || concurrency === "Replace";
  // In the order of a queue a time waits for others. Else it could not be started before, and is as one that was missed.
  const latest = now - delay - (isOrdered ? deadline : limitOf(rules));
  const waiting = record.queue.filter((time) => !begun.has(time));
  let pending = [...waiting.filter((time) => time >= latest), ...found.times.filter((time) => !begun.has(time))];
  leave(
    "Missed",
    waiting.filter((time) => time < latest),
  );
  if (!isOrdered && waiting.length > 0 && rules.missedRuns === "latest") leave("Missed", pending.splice(0, pending.length - 1));
  const active = runs.filter(({ phase }) => phase === "active");
  const isFree = active.length === 0;
  let start: number[] = [];
  let end: R[] = [];
  if (isSuspended) {
    // What waits goes on waiting.
  } else if (concurrency === "Allow") [start, pending] = [pending, []];
  else if (concurrency === "Forbid") {
    start = isFree ? pending.slice(0, 1) : [];
    leave("Forbidden", pending.slice(start.length));
    pending = [];
  } else if (concurrency === "Replace") {
    leave("Replaced", pending.slice(0, -1));
    pending = pending.slice(-1);
    if (isFree) [start, pending] = [pending, []];
    else if (pending.length > 0) end = active.filter(({ isEnding }) => !isEnding);
  } else {
    if (isFree) start = pending.splice(0, 1);
    leave("QueueFull", pending.splice(longestQueue));
  }

  const upcoming = isSuspended ? undefined : timing.next(Math.max(found.upTo, now - delay));
  return {
    end,
    start,
    record: { digest, lastTime: found.upTo, queue: pending },
    omitted,
    remove: expired(rules.history, runs, record.lastTime ?? -Infinity, new Set(record.queue)),
    wake: found.isMore ? now : upcoming === undefined ? Infinity : upcoming + delay,
  };
}

/** How late a run may be started: where those that were missed are left out, a minute makes one missed. */
function limitOf({ missedRuns, deadline }: Rules): number {
  return missedRuns === "skip" && deadline === Infinity ? 60_000 : deadline;
}

/** What is recorded where a time could not be started for now, nor what comes after it: they wait. */
export function unstarted({ record, start }: Decision, from: number): Decision["record"] {
  return { ...record, queue: [...start.slice(start.indexOf(from)), ...record.queue].slice(0, longestQueue) };
}
