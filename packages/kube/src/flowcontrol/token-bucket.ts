/** How much may be done in a second, and at once. */
export interface Rate {
  /** Tokens a second. */
  qps: number;
  /** Tokens that a bucket holds when it is full, as at the beginning. */
  burst: number;
}

/** Tokens that come at an even rate until the bucket is full. It has no clock: every method is told the time, in milliseconds. */
export class TokenBucket {
  #interval: number;
  #burst: number;
  /** When the bucket will be full: all that there is to know, since before that each interval adds a token. */
  #fullAt = -Infinity;

  constructor(rate: Rate) {
    check(rate);
    this.#interval = 1_000 / rate.qps;
    this.#burst = rate.burst;
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

  /** From now on another rate. The tokens that there are stay, as far as the bucket holds them; where there is none, the next one comes when it was to come. */
  setRate(rate: Rate, now: number): void {
    check(rate);
    const tokens = Math.min(rate.burst, this.#burst - Math.max(0, this.#fullAt - now) / this.#interval);
    const nextAt = this.nextAt;
    this.#interval = 1_000 / rate.qps;
    this.#burst = rate.burst;
    this.#fullAt = nextAt > now ? nextAt + (rate.burst - 1) * this.#interval : now + (rate.burst - tokens) * this.#interval;
  }

  /** Empties the bucket: the next token is there at `until`, and the others come after it one by one. */
  drain(until: number): void {
    this.#fullAt = Math.max(this.#fullAt, until + (this.#burst - 1) * this.#interval);
  }
}

function check({ qps, burst }: Rate): void {
  if (!(qps > 0 && qps < Infinity)) throw new RangeError(`qps is ${qps}: give a number above 0, the tokens a second`);
  if (!(burst >= 1 && burst < Infinity))
    throw new RangeError(`burst is ${burst}: give a number from 1 on, the tokens that may be taken at once`);
}
