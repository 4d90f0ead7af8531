import { Deadlines } from "../workqueue/deadlines.ts";
import type { Series } from "./series.ts";

/** A series is over when it was not seen again for this long; client-go's finishTime. */
const finish = 6 * 60_000;

/** The API server is told of a series' count no more often, apart from the first repetition. Shorter than `finish`, so that all is told in time. */
const interval = 5 * 60_000;

/** Series that are open at once. */
const most = 4_096;

/**
 * The series that are open, and when the API server is to be told of each: of the first repetition at once, and of further ones each five
 * minutes. A series is over six minutes after it was last seen. It has no clock: its methods are told the time, in monotonic milliseconds.
 * From when a series begins or is taken until it rests, its keeper is busy with it, and it has no time.
 */
export class SeriesBook {
  /** By key, the one that was seen last at the end. */
  readonly #open = new Map<string, Series>();
  /** Of those that rest. */
  readonly #due = new Deadlines<Series>();

  /** When there is next something to be taken; Infinity: never. */
  get next(): number {
    return this.#due.next;
  }

  /** Counts one more of the open series of this key, if there is one. `now` is in milliseconds since 1970. */
  repeat(key: string, at: number, now: number): boolean {
    const series = this.#open.get(key);
    if (series === undefined) return false;
    series.repeat(at, now);
    this.#open.delete(key);
    this.#open.set(key, series);
    if (this.#due.delete(series)) this.rest(series);
    return true;
  }

  /** Opens a series, of whose key there is none. Where there are too many, the one that was not seen the longest is over. */
  begin(series: Series): void {
    this.#open.set(series.key, series);
    const [oldest] = this.#open.values();
    if (oldest === undefined || this.#open.size <= most) return;
    this.close(oldest);
    if (this.#due.delete(oldest) && oldest.untold > 0) this.#due.set(oldest, oldest.seenAt);
  }

  /** Nobody is busy with the series any more. */
  rest(series: Series): void {
    const { key, untold, told, toldAt, seenAt } = series;
    const isOpen = this.#open.get(key) === series;
    if (untold > 0) this.#due.set(series, isOpen && told > 1 ? toldAt + interval : seenAt);
    else if (isOpen) this.#due.set(series, seenAt + finish);
  }

  /** A series of which the API server is to be told by `at`. Those that are over are closed. */
  take(at: number): Series | undefined {
    for (let series = this.#due.take(at); series !== undefined; series = this.#due.take(at)) {
      if (at >= series.seenAt + finish) this.close(series);
      if (series.untold > 0) return series;
    }
    return undefined;
  }

  /** Every series that rests and of which there is something untold. */
  takeAll(): Series[] {
    return [...this.#open.values()].filter((series) => series.untold > 0 && this.#due.delete(series));
  }

  /** The next occurrence begins another series. */
  close(series: Series): void {
    if (this.#open.get(series.key) === series) this.#open.delete(series.key);
  }
}
