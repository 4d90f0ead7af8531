import { Buckets } from "./buckets.ts";
import type { ReadRises, WrittenRises } from "./checkpoint.ts";
import { DecayingHistogram } from "./histogram.ts";
import type { SizingSettings } from "./settings.ts";

/** From so many spans, their rises say what is usual. */
const enough = 24;
/** What rises by more than this part of itself is not followed. */
const mostRise = 0.5;

/** By how much memory rises from one span (an hour) to the next, and so what is enough for the next one by what is used now. */
export class Rises {
  readonly #span: number;
  readonly #rises: DecayingHistogram;
  #count = 0;
  /** Of the running span: when it ends, and its peak; and that of the one before. */
  #end: number | undefined;
  #peak = 0;
  #before: number | undefined;

  constructor({ memory, growth }: SizingSettings, span: number, read?: ReadRises) {
    this.#span = span;
    // A megabyte is told apart.
    this.#rises = new DecayingHistogram(new Buckets({ firstBucket: 1e6, most: memory.most }, growth), memory.halfLife, read?.rises);
    if (read === undefined) return;
    [this.#count, this.#end, this.#peak, this.#before] = [read.count, read.end, read.peak, read.before];
  }

  /** So many bytes are used at a time. */
  take(at: number, bytes: number): void {
    this.#end ??= at + this.#span;
    if (at >= this.#end) {
      if (this.#before !== undefined) {
        this.#rises.add(Math.max(0, this.#peak - this.#before), 1, at);
        this.#count++;
      }
      const passed = Math.floor((at - this.#end) / this.#span);
      // After a gap nobody knows what it rose from.
      this.#before = passed === 0 ? this.#peak : undefined;
      this.#end += (passed + 1) * this.#span;
      this.#peak = 0;
    }
    this.#peak = Math.max(this.#peak, bytes);
  }

  /**
   * What is enough for the next span, for such a part (0 to 1) of the rises that there were; undefined: too few are known, or they are so large that
   * what is used now says little.
   */
  enoughFor(part: number): number | undefined {
    if (this.#count < enough || this.#before === undefined) return undefined;
    const now = Math.max(this.#peak, this.#before);
    const rise = this.#rises.percentile(part) ?? 0;
    return rise > now * mostRise ? undefined : now + rise;
  }

  write(): WrittenRises | undefined {
    if (this.#end === undefined) return undefined;
    return { rises: this.#rises.write(), count: this.#count, end: this.#end, peak: this.#peak, before: this.#before };
  }

  /** Takes in the rises of another, and goes on with its running span where that is later. */
  merge(other: Rises): void {
    this.#rises.merge(other.#rises);
    this.#count += other.#count;
    if (other.#end === undefined || (this.#end !== undefined && this.#end >= other.#end)) return;
    [this.#end, this.#peak, this.#before] = [other.#end, other.#peak, other.#before];
  }
}
