import type { Clock } from "../src/clock/clock.ts";

/** Time that stands still until it is advanced. */
export class FakeClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();
  /** The length of each sleep that was begun, in milliseconds. */
  readonly slept: number[] = [];
  /** The moment of each turn of the event loop that was asked for. */
  readonly turns: number[] = [];

  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  /** How many sleep now. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    await new Promise<void>((resolve, reject) => {
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Resolves at once, so that what a test sees doesn't depend on how often somebody gives way. */
  async turn(): Promise<void> {
    this.turns.push(this.#now);
  }

  /** Time that passes while the caller computes: nobody wakes within it. */
  spend(ms: number): void {
    this.#now += ms;
  }

  /** Wakes, one after another and each at its moment, all who sleep until then; what they set off is done when this resolves. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const next = [...this.#sleepers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#sleepers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = Math.max(this.#now, end);
  }
}

/** Lets everything that waits for nothing but promises run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
