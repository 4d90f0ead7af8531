import { Alarm } from "../clock/alarm.ts";
import { atMost } from "../flowcontrol/at-most.ts";
import { systemClock, type Clock } from "../clock/clock.ts";
import { Deadlines } from "./deadlines.ts";
import { ApiError } from "../errors.ts";
import { Fifo } from "./fifo.ts";
import { Slice } from "../clock/slice.ts";

/** How long a queue's work may take to end, and who is told of it. */
export interface WorkQueueOptions {
  clock?: Clock;
  /** Milliseconds that the work under way is given when `run` ends. Default 10,000. */
  grace?: number;
  /** Told of what `work` threw; the key comes again after its backoff. */
  onError?: (key: string, error: unknown) => void;
  observer?: QueueObserver;
}

/** Who counts what a queue does. Times are in milliseconds. */
export interface QueueObserver {
  /** A key has come that wasn't waiting. */
  added(): void;
  /** A key is worked on that has waited so long. */
  began(waited: number): void;
  /** The work on a key is done, well or not. */
  ended(took: number, failed: boolean): void;
}

/**
 * Keys that need work. A key is in it once, however often it was added, and is worked on by one at a time: added while
 * it is worked on, it comes again afterwards. A failure brings it back after 5 ms, doubling to 1,000 s, and no sooner than the API server
 * asked for; success forgets that. The event loop turns between two keys when it hasn't for some milliseconds.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #grace: number;
  readonly #onError: (key: string, error: unknown) => void;
  readonly #ready = new Fifo<string>();
  readonly #observer: QueueObserver | undefined;
  /** Since when each key waits, and since when each is worked on. */
  readonly #waiting = new Map<string, number>();
  readonly #active = new Map<string, number>();
  /** When a key was last begun or done, or came as the first; or the work on one was said to go on. */
  #beat = 0;
  /** Added while active. */
  readonly #again = new Set<string>();
  readonly #later = new Deadlines<string>();
  readonly #alarm: Alarm;
  readonly #failures = new Map<string, number>();
  #wake: (() => void) | undefined;
  #ended = false;

  constructor({ clock = systemClock, grace = 10_000, onError = () => {}, observer }: WorkQueueOptions = {}) {
    this.#clock = clock;
    this.#alarm = new Alarm(clock, () => this.#addDue());
    this.#grace = grace;
    this.#onError = onError;
    this.#observer = observer;
  }

  /** Keys that wait for a worker; not those that are worked on, nor those added for later. */
  get length(): number {
    return this.#ready.size;
  }

  /** The keys that are worked on: how many (`active`), and the milliseconds for which they have been, all together and the longest of them. */
  get work(): { total: number; longest: number; active: number } {
    const now = this.#clock.monotonic();
    let [total, longest] = [0, 0];
    for (const since of this.#active.values()) {
      total += now - since;
      longest = Math.max(longest, now - since);
    }
    return { total, longest, active: this.#active.size };
  }

  /** Milliseconds for which keys have waited without any being begun or done: a queue that goes on has few. */
  get stalled(): number {
    return this.#ready.size === 0 || this.#ended ? 0 : this.#clock.monotonic() - this.#beat;
  }

  /** Says that the work on some key goes on: what takes long because it has to wait is not stalled. */
  goesOn(): void {
    this.#beat = this.#clock.monotonic();
  }

  /** Does nothing once `run` is at its end, as nobody would work on the key. */
  add(key: string): void {
    if (this.#ended) return;
    if (this.#active.has(key)) {
      this.#again.add(key);
    } else {
      const now = this.#clock.monotonic();
      if (this.#ready.size === 0) this.#beat = now;
      if (!this.#waiting.has(key)) {
        this.#waiting.set(key, now);
        this.#observer?.added();
      }
      this.#ready.add(key);
      this.#wake?.();
    }
  }

  /** Adds the key after `ms` milliseconds; of several such, the earliest counts. */
  addAfter(key: string, ms: number): void {
    if (!(ms > 0) || this.#ended) return this.add(key);
    const at = this.#clock.monotonic() + ms;
    const planned = this.#later.get(key);
    if (planned !== undefined && planned <= at) return;
    this.#later.set(key, at);
    this.#alarm.set(at);
  }

  /** For a key whose object is gone: it doesn't come any more, and its failures don't count. Work under way on it goes on. */
  forget(key: string): void {
    this.#ready.delete(key);
    this.#waiting.delete(key);
    this.#again.delete(key);
    this.#later.delete(key);
    this.#failures.delete(key);
    if (this.#later.size === 0) this.#alarm.clear();
  }

  #addDue(): void {
    const now = this.#clock.monotonic();
    for (let key = this.#later.take(now); key !== undefined; key = this.#later.take(now)) this.add(key);
    this.#alarm.set(this.#later.next);
  }

  /**
   * Works until `signal` aborts, on at most `concurrency` keys at once, and then returns when the last of them is done, or when
   * the grace is over: what still hangs is the caller's to cut off.
   */
  async run(concurrency: number, work: (key: string) => Promise<void>, signal: AbortSignal): Promise<void> {
    const end = () => this.#end();
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    const running = new Set<Promise<void>>();
    const slice = new Slice(this.#clock);
    while (!this.#ended) {
      while (running.size < concurrency && this.#ready.size > 0) {
        if (slice.isOver) await slice.turn();
        const key = this.#ready.shift();
        if (key === undefined) break; // Meanwhile forgotten, or at the end.
        const task: Promise<void> = this.#work(key, work).finally(() => {
          running.delete(task);
          this.#wake?.();
        });
        running.add(task);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#ended) resolve(); // By the work just begun.
      });
    }
    signal.removeEventListener("abort", end);
    await atMost(this.#grace, Promise.all(running), this.#clock);
  }

  #end(): void {
    this.#ended = true;
    this.#ready.clear();
    this.#waiting.clear();
    this.#later.clear();
    this.#alarm.clear();
    this.#wake?.();
  }

  async #work(key: string, work: (key: string) => Promise<void>): Promise<void> {
    const began = this.#clock.monotonic();
    this.#beat = began;
    this.#active.set(key, began);
    this.#observer?.began(began - (this.#waiting.get(key) ?? began));
    this.#waiting.delete(key);
    let failed = false;
    try {
      await work(key);
      this.#failures.delete(key);
    } catch (error) {
      failed = true;
      this.#failed(key, error);
    } finally {
      this.#beat = this.#clock.monotonic();
      this.#observer?.ended(this.#beat - began, failed);
      this.#active.delete(key);
      if (this.#again.delete(key)) this.add(key);
    }
  }

  #failed(key: string, error: unknown): void {
    if (this.#ended) return;
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.addAfter(key, Math.max(Math.min(5 * 2 ** failures, 1_000_000), askedFor(error)));
    try {
      this.#onError(key, error);
    } catch (problem) {
      console.error(problem); // Whoever is told of errors is broken: the work goes on all the same.
    }
  }
}

/** The milliseconds for which the API server wants to be left alone. */
function askedFor(error: unknown): number {
  const { retryAfter = 0 } = error instanceof ApiError ? error : {};
  return Number.isFinite(retryAfter) ? retryAfter * 1_000 : 0; // More digits than a number holds are no time.
}
