import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";

/** Time, handed in to whatever waits, so that a test can hold it still. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment. They go on evenly where `now` is set forth or back: durations and waits are reckoned by them. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets the event loop turn: resolves when all else that is due, such as timers, answers and probes, has been seen to. */
  turn(): Promise<void>;
}

/** Timers take no longer time, about 25 days: given more, they end at once. */
const longestTimer = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    let left = ms;
    do {
      await delay(Math.min(left, longestTimer), undefined, signal && { signal });
      left -= longestTimer;
    } while (left > 0);
  },
  turn: () => nextTurn(),
};
