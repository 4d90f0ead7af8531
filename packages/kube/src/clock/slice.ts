import type { Clock } from "./clock.ts";

/** Milliseconds that a probe or the renewal of a lease can well wait for. */
const length = 8;

/** A long loop's share of the event loop: where it is over, the others have theirs before the loop goes on. */
export class Slice {
  readonly #clock: Clock;
  #begun: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#begun = clock.monotonic();
  }

  get isOver(): boolean {
    return this.#clock.monotonic() - this.#begun >= length;
  }

  /** Lets the event loop turn, and begins the next slice. */
  async turn(): Promise<void> {
    await this.#clock.turn();
    this.#begun = this.#clock.monotonic();
  }
}
