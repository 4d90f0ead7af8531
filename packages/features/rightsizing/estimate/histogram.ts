/** Buckets that grow: the first has this width, each next one more by this factor. */
export interface Buckets {
  first: number;
  ratio: number;
  /** What is more counts as this. */
  most: number;
}

/** What is written of a histogram: weights by bucket, and the time that they are as of. */
export interface WrittenHistogram {
  at: number;
  weights: [bucket: number, weight: number][];
}

/** A weight counts for nothing any more. */
const least = 1e-4;

/**
 * How often amounts were seen, those of long ago counting the less: half as much for each half-life. Amounts of one bucket are the same, so
 * that it takes as little memory however much is seen.
 */
export class DecayingHistogram {
  readonly #buckets: Buckets;
  readonly #halfLife: number;
  readonly #weights = new Map<number, number>();
  #total = 0;
  /** The time as of which a new amount's weight is 1. */
  #at: number | undefined;

  constructor(buckets: Buckets, halfLife: number, written?: WrittenHistogram) {
    this.#buckets = buckets;
    this.#halfLife = halfLife;
    if (written === undefined) return;
    this.#at = written.at;
    for (const [bucket, weight] of written.weights) this.#put(bucket, weight);
  }

  /** Takes in an amount that was seen at a time, or takes it out again. */
  add(amount: number, at: number, sign: 1 | -1 = 1): void {
    this.#at ??= at;
    // Two to the tenth is enough to be exact, and far from what a number can hold.
    if (at - this.#at > 10 * this.#halfLife) this.#renew(at);
    this.#put(this.#bucketOf(amount), sign * 2 ** ((at - this.#at) / this.#halfLife));
  }

  /** What at least this part (0 to 1) of what was seen doesn't exceed: the upper end of its bucket; undefined: nothing was seen. */
  percentile(part: number): number | undefined {
    if (this.#weights.size === 0) return undefined;
    const buckets = [...this.#weights.keys()].sort((a, b) => a - b);
    let sum = 0;
    for (const bucket of buckets) {
      sum += this.#weights.get(bucket) ?? 0;
      if (sum >= part * this.#total * (1 - 1e-9)) return this.#endOf(bucket);
    }
    return this.#endOf(buckets.at(-1) ?? 0);
  }

  /** To four digits. */
  write(): WrittenHistogram | undefined {
    if (this.#at === undefined) return undefined;
    return { at: this.#at, weights: Array.from(this.#weights, ([bucket, weight]) => [bucket, Number(weight.toPrecision(4))]) };
  }

  #put(bucket: number, weight: number): void {
    const before = this.#weights.get(bucket) ?? 0;
    const after = before + weight;
    if (after < least) this.#weights.delete(bucket);
    else this.#weights.set(bucket, after);
    this.#total += (after < least ? 0 : after) - before;
  }

  /** Reckons all weights as of a later time. */
  #renew(at: number): void {
    const factor = 2 ** (((this.#at ?? at) - at) / this.#halfLife);
    const all = [...this.#weights];
    this.#weights.clear();
    this.#total = 0;
    this.#at = at;
    for (const [bucket, weight] of all) this.#put(bucket, weight * factor);
  }

  #bucketOf(amount: number): number {
    const { first, ratio, most } = this.#buckets;
    if (amount < first) return 0;
    return Math.floor(Math.log((Math.min(amount, most) * (ratio - 1)) / first + 1) / Math.log(ratio) + 1e-9);
  }

  #endOf(bucket: number): number {
    const { first, ratio, most } = this.#buckets;
    return Math.min(most, (first * (ratio ** (bucket + 1) - 1)) / (ratio - 1));
  }
}
