import type { Clock } from "../clock/clock.ts";

/** Waits for some work, but for no more than so many milliseconds: what is then under way goes on. Rejects as the work does. */
export async function atMost(ms: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  const done = new AbortController();
  try {
    await Promise.race([work, clock.sleep(ms, done.signal).catch(() => {})]);
  } finally {
    done.abort();
  }
}
