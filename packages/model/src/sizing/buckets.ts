/**
 * Buckets that grow: the first is as wide as `first`, each next one by `growth` wider, up to one that begins at `most` or above it. The rule, its
 * roundings included, is that of VerticalPodAutoscaler's exponential histogram, so that the two put an amount into the same bucket.
 */
export class Buckets {
  readonly first: number;
  readonly ratio: number;
  /** How many there are. */
  readonly count: number;
  readonly #lnRatio: number;

  constructor({ firstBucket, most }: { firstBucket: number; most: number }, growth: number) {
    this.first = firstBucket;
    this.ratio = 1 + growth;
    this.#lnRatio = Math.log(this.ratio);
    this.count = Math.ceil(this.#log((most * (this.ratio - 1)) / firstBucket + 1)) + 1;
  }

  /** The one that an amount is in. */
  of(amount: number): number {
    if (amount < this.first) return 0;
    return Math.min(this.count - 1, Math.floor(this.#log((amount * (this.ratio - 1)) / this.first + 1)));
  }

  /** Where one ends; the last, which has no end, where it begins. */
  endOf(bucket: number): number {
    const next = Math.min(bucket + 1, this.count - 1);
    return (this.first * (this.ratio ** next - 1)) / (this.ratio - 1);
  }

  #log(of: number): number {
    return Math.log(of) / this.#lnRatio;
  }
}
