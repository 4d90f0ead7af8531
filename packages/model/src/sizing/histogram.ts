import type { ReadHistogram, WrittenHistogram } from "./checkpoint.ts";
import type { Buckets } from "./buckets.ts";

/** Less than that in a bucket is nothing. */
const nothing = 1e-4;
/** After so many half-lives, weights are reckoned as of a later time: far from what a number can hold. */
const longest = 100;
/** Room that is made at once, in buckets. */
const chunk = 8;
/** Milliseconds from the year 1, from which times are rounded to whole half-lives, to 1970. */
const sinceYearOne = 62_135_596_800_000;

/**
 * How often amounts were seen, those of long ago counting the less: half as much for each half-life. An amount is as good as any other of its
 * bucket, so that it takes as little memory however much is seen: a number for each bucket between the smallest amount and the largest.
 */
export class DecayingHistogram {
  readonly #buckets: Buckets;
  readonly #halfLife: number;
  #weights = new Float64Array(0);
  /** The bucket of the first weight. */
  #first = 0;
  #total = 0;
  /** The time as of which a weight is what it was added with. */
  #at: number | undefined;

  /** `halfLife` in milliseconds. `written` is trusted: see `checkpoint.ts`. */
  constructor(buckets: Buckets, halfLife: number, written?: ReadHistogram) {
    this.#buckets = buckets;
    this.#halfLife = halfLife;
    if (written === undefined) return;
    this.#at = written.at;
    this.#first = written.first;
    this.#total = written.total;
    this.#weights = written.weights;
  }

  /** The end of the last bucket that has something in it; undefined: none has. */
  get most(): number | undefined {
    const last = this.#weights.findLastIndex((weight) => weight > 0);
    return last < 0 ? undefined : this.#buckets.endOf(this.#first + last);
  }

  /** Takes in an amount that was seen at a time. */
  add(amount: number, weight: number, at: number): void {
    this.#put(this.#buckets.of(amount), weight * this.#factor(at));
  }

  /**
   * The end of the bucket of the amount which at least this part (0 to 1) of what was seen doesn't exceed; undefined: nothing was seen. `more` is
   * counted as if it had been added.
   */
  percentile(part: number, more?: { amount: number; weight: number; at: number }): number | undefined {
    const weight = more === undefined ? 0 : more.weight * this.#factor(more.at);
    const bucket = more === undefined ? -1 : this.#buckets.of(more.amount);
    const total = this.#total + weight;
    if (total < nothing) return undefined;
    const [begin, end] = this.#span(bucket);
    const threshold = part * total;
    let sum = 0;
    let at = begin;
    for (; at < end; at++) {
      sum += (this.#weights[at - this.#first] ?? 0) + (at === bucket ? weight : 0);
      if (sum >= threshold) break;
    }
    return this.#buckets.endOf(at);
  }

  /** Takes in all of another of the same buckets and half-life, which stays as it is. */
  merge(other: DecayingHistogram): void {
    if (other.#at === undefined) return;
    const factor = this.#factor(other.#at);
    other.#weights.forEach((weight, at) => {
      if (weight > 0) this.#put(other.#first + at, weight * factor);
    });
  }

  write(): WrittenHistogram | undefined {
    const begin = this.#weights.findIndex((weight) => weight > 0);
    if (this.#at === undefined || begin < 0) return undefined;
    const weights = this.#weights.slice(begin, this.#weights.findLastIndex((weight) => weight > 0) + 1);
    return { at: this.#at, first: this.#first + begin, weights: Buffer.from(weights.buffer).toString("base64"), total: this.#total };
  }

  /** What a weight of 1 at a time counts. */
  #factor(at: number): number {
    if (this.#at === undefined || at > this.#at + longest * this.#halfLife) this.#renew(at);
    return 2 ** ((at - (this.#at ?? at)) / this.#halfLife);
  }

  /** Reckons all weights as of a later time, which is a whole number of half-lives since the year 1. */
  #renew(at: number): void {
    const next = Math.floor((at + sinceYearOne) / this.#halfLife + 0.5) * this.#halfLife - sinceYearOne;
    const factor = this.#at === undefined ? 0 : 2 ** Math.round((this.#at - next) / this.#halfLife);
    this.#at = next;
    this.#total *= factor;
    const first = this.#weights.findIndex((weight) => weight * factor >= nothing);
    const last = this.#weights.findLastIndex((weight) => weight * factor >= nothing);
    this.#weights = first < 0 ? new Float64Array(0) : this.#weights.slice(first, last + 1).map((weight) => weight * factor);
    if (first >= 0) this.#first += first;
    else this.#total = 0;
  }

  #put(bucket: number, weight: number): void {
    this.#makeRoom(bucket);
    this.#weights[bucket - this.#first] = (this.#weights[bucket - this.#first] ?? 0) + weight;
    this.#total += weight;
  }

  #makeRoom(bucket: number): void {
    const length = this.#weights.length;
    if (length > 0 && bucket >= this.#first && bucket < this.#first + length) return;
    const begin = length === 0 ? bucket : bucket < this.#first ? Math.max(0, bucket - chunk + 1) : this.#first;
    const end = length === 0 ? bucket + 1 : bucket < this.#first ? this.#first + length : Math.min(this.#buckets.count, bucket + chunk);
    const weights = new Float64Array(end - begin);
    weights.set(this.#weights, length === 0 ? 0 : this.#first - begin);
    this.#weights = weights;
    this.#first = begin;
  }

  /** The buckets from the first to the last that have something in them, one more among them. */
  #span(more: number): [number, number] {
    let begin = 0;
    let end = this.#weights.length - 1;
    while (begin <= end && (this.#weights[begin] ?? 0) < nothing) begin++;
    while (end > begin && (this.#weights[end] ?? 0) < nothing) end--;
    if (begin > end) return [more, more];
    const [first, last] = [begin + this.#first, end + this.#first];
    return more < 0 ? [first, last] : [Math.min(first, more), Math.max(last, more)];
  }
}
