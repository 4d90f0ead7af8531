export interface Rate {
  /** Tokens a second. */
  qps: number;
  /** Tokens that a bucket holds when it is full, as at the beginning. */
  burst: number;
}

/** Tokens that come at an even rate until the bucket is full. It has no clock: every method is told the time, in milliseconds. */
export class TokenBucket {
  readonly #interval: number;
  readonly #burst: number;
  /** When the bucket will be full: all that there is to know, since before that each interval adds a token. */
  #fullAt = -Infinity;

  constructor({ qps, burst }: Rate) {
    if (!(qps > 0 && qps < Infinity)) throw new RangeError(`qps is ${qps}: give a number above 0, the tokens a second`);
    if (!(burst >= 1 && burst < Infinity))
      throw new RangeError(`burst is ${burst}: give a number from 1 on, the tokens that may be taken at once`);
    this.#interval = 1_000 / qps;
    this.#burst = burst;
  }

  /** When the next token is there; in the past if it is already. */
  get nextAt(): number {
    return this.#fullAt - (this.#burst - 1) * this.#interval;
  }

  /** Whether there was a token, which then is taken. */
  take(now: number): boolean {
    if (now < this.nextAt) return false;
    this.#fullAt = Math.max(this.#fullAt, now) + this.#interval;
    return true;
  }

  /** Empties the bucket: the next token is there at `until`, and the others come after it one by one. */
  drain(until: number): void {
    this.#fullAt = Math.max(this.#fullAt, until + (this.#burst - 1) * this.#interval);
  }
}
