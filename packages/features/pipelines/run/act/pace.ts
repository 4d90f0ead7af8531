/** A status isn't written again before this, in milliseconds; a long one later: a second for each 100 KB. */
const least = 1_000;
const perByte = 1_000 / 100_000;

/**
 * When statuses may be written that nothing waits for: at once while there are tokens, and then as they come, the oldest first. So the
 * more runs change at the same time, the more seldom each is written, and one alone isn't held up by those that rest.
 */
export class Pace {
  readonly #interval: number;
  readonly #burst: number;
  /** When the next token comes, if all that were there are taken (the generic cell rate algorithm). */
  #next = -Infinity;

  constructor(perSecond = 20, burst = 40) {
    this.#interval = 1_000 / perSecond;
    this.#burst = burst;
  }

  /** Takes a token for a run whose status was written at `last` with so many bytes; gives when it may be written. Milliseconds since 1970. */
  reserve(now: number, last: number, bytes: number): number {
    const earliest = Math.max(now, last + least + bytes * perByte);
    this.#next = Math.max(this.#next, earliest - this.#burst * this.#interval) + this.#interval;
    return Math.max(earliest, this.#next);
  }
}
