import type { Event } from "kubernetes-types/events/v1.d.ts";
import { microTime } from "../clock/micro-time.ts";
import type { eventOf } from "./event.ts";

/** One event, and how often it was seen. Times named `…At` are in a clock's monotonic milliseconds. */
export class Series {
  readonly key: string;
  /** As it was when first seen. */
  readonly first: ReturnType<typeof eventOf>;
  count = 1;
  /** Of the count, what the API server knows; 0: it doesn't know of the event. */
  told = 0;
  toldAt = -Infinity;
  seenAt: number;
  /** When it was last seen, in milliseconds since 1970. */
  #lastSeen = 0;

  constructor(key: string, first: Series["first"], at: number) {
    this.key = key;
    this.first = first;
    this.seenAt = at;
  }

  get untold(): number {
    return this.count - this.told;
  }

  /** The event with its series, if it was seen more than once. */
  get event(): Event & Pick<Series["first"], "metadata"> {
    if (this.count === 1) return this.first;
    return { ...this.first, series: { count: this.count, lastObservedTime: microTime(this.#lastSeen) } };
  }

  repeat(at: number, now: number): void {
    this.count += 1;
    this.seenAt = at;
    this.#lastSeen = now;
  }

  tell(count: number, at: number): void {
    this.told = count;
    this.toldAt = at;
  }
}
