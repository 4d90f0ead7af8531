import type { Clock } from "./clock.ts";

/** One timer, set to the earliest time that was asked for. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #at = Infinity;
  #cancel: AbortController | undefined;

  /** `ring` is called when the time has come, and may set the next. */
  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings at a time, unless it is set to an earlier one. Milliseconds since 1970. */
  set(at: number): void {
    if (at >= this.#at || at === Infinity) return;
    this.clear();
    this.#at = at;
    const cancel = new AbortController();
    this.#cancel = cancel;
    this.#clock.sleep(Math.max(0, at - this.#clock.now()), cancel.signal).then(
      () => {
        this.#at = Infinity;
        this.#cancel = undefined;
        this.#ring();
      },
      () => {}, // It was set to an earlier time, or cleared.
    );
  }

  clear(): void {
    this.#at = Infinity;
    this.#cancel?.abort();
    this.#cancel = undefined;
  }
}
