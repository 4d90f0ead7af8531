import type { Clock } from "./clock.ts";

/** One timer, however many moments are waited for: it rings once, at the earliest that it was set to, by the clock's `monotonic`. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #at = Infinity;
  #stop = new AbortController();

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Does nothing where it rings sooner anyway, so that whoever is rung has to see what is due by then, and set it again. */
  set(at: number): void {
    if (at >= this.#at) return;
    this.clear();
    this.#at = at;
    void this.#ringAt(at, this.#stop.signal);
  }

  clear(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#at = Infinity;
  }

  async #ringAt(at: number, signal: AbortSignal): Promise<void> {
    // Timers cut fractions off, and would ring too soon.
    const ms = Math.max(0, Math.ceil(at - this.#clock.monotonic()));
    await this.#clock.sleep(ms, signal).catch(() => {});
    if (signal.aborted) return;
    this.#at = Infinity;
    this.#ring();
  }
}
