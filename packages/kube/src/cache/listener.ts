import type { Slice } from "../clock/slice.ts";
import type { Entry } from "./table.ts";

/** `object` of a delete is the last state known; `old` is what the cache held before. */
export type CacheEvent<P> = { type: "add"; object: P } | { type: "update"; old: P; object: P } | { type: "delete"; old: P; object: P };

/** Told of each change once the cache shows it. */
export type Handler<P> = (event: CacheEvent<P>) => void;

/**
 * Whom a cache tells its changes, and before these what was there as it came: of that a slice at a time, the first at once. Should an object
 * change before its turn, it is told first as it was.
 */
export class Listener<P> {
  readonly #handler: Handler<P>;
  readonly #onError: (error: unknown) => void;
  /** The newest entry that was there. */
  readonly #last: number;
  /** The entry up to which all are told. */
  #told = 0;
  /** Later ones that are told or gone already. */
  readonly #ahead = new Set<Entry<P>>();
  #ended = false;

  constructor(handler: Handler<P>, last: number, onError: (error: unknown) => void) {
    this.#handler = handler;
    this.#last = last;
    this.#onError = onError;
  }

  /** Tells what was there; `entries` in their order. */
  async replay(entries: Iterable<Entry<P>>, slice: Slice): Promise<void> {
    for (const entry of entries) {
      if (slice.isOver) await slice.turn();
      if (this.#ended || entry.order > this.#last) break;
      const isUntold = this.#isUntold(entry);
      this.#told = entry.order;
      if (isUntold) this.#tell({ type: "add", object: entry.object });
    }
    this.#told = this.#last;
    this.#ahead.clear();
  }

  /** `entry` is that of the object before the change, if it was there. */
  changed(event: CacheEvent<P>, entry: Entry<P> | undefined): void {
    if (entry && event.type !== "add" && this.#isUntold(entry)) {
      this.#ahead.add(entry);
      this.#tell({ type: "add", object: event.old });
    }
    this.#tell(event);
  }

  #isUntold(entry: Entry<P>): boolean {
    return entry.order > this.#told && entry.order <= this.#last && !this.#ahead.has(entry);
  }

  /** Tells nothing more. */
  end(): void {
    this.#ended = true;
  }

  #tell(event: CacheEvent<P>): void {
    if (this.#ended) return; // It may be by what was told just now.
    try {
      this.#handler(event);
    } catch (error) {
      this.#onError(error);
    }
  }
}
