import { setTimeout as delay } from "node:timers/promises";

/** Time, handed in to whatever waits, so that a test can hold it still. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Timers take no longer time, about 25 days: given more, they end at once. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    let left = ms;
    do {
      await delay(Math.min(left, longestTimer), undefined, signal && { signal });
      left -= longestTimer;
    } while (left > 0);
  },
};
