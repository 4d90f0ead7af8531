import { Alarm } from "./alarm.ts";
import { systemClock, type Clock } from "./clock.ts";
import { ApiError } from "./errors.ts";
import { Schedule } from "./schedule.ts";

export interface WorkQueueOptions {
  clock?: Clock;
  /** Milliseconds that the work under way is given when `run` ends. Default 10,000. */
  grace?: number;
  /** Told of what `work` threw; the key comes again after its backoff. */
  onError?: (key: string, error: unknown) => void;
}

/** For so many milliseconds work is begun without others having their turn: probes are answered, and leases renewed, in between. */
const slice = 8;

/**
 * Keys that need work. A key is in it once, however often it was added, and is worked on by one at a time: added while
 * it is worked on, it comes again afterwards. A failure brings it back after 5 ms, doubling to 1,000 s, or when the API server has asked for;
 * success forgets that.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #grace: number;
  readonly #onError: (key: string, error: unknown) => void;
  readonly #ready = new Set<string>();
  readonly #active = new Set<string>();
  /** Added while active. */
  readonly #again = new Set<string>();
  readonly #later = new Schedule();
  readonly #alarm: Alarm;
  readonly #failures = new Map<string, number>();
  #wake: (() => void) | undefined;
  #ended = false;

  constructor({ clock = systemClock, grace = 10_000, onError = () => {} }: WorkQueueOptions = {}) {
    this.#clock = clock;
    this.#grace = grace;
    this.#onError = onError;
    this.#alarm = new Alarm(clock, () => this.#addDue());
  }

  /** Keys that wait for a worker; not those that are worked on, nor those added for later. */
  get length(): number {
    return this.#ready.size;
  }

  /** Does nothing once `run` is at its end, as nobody would work on the key. */
  add(key: string): void {
    if (this.#ended) return;
    if (this.#active.has(key)) {
      this.#again.add(key);
    } else {
      this.#ready.add(key);
      this.#wake?.();
    }
  }

  /** Adds the key after `ms` milliseconds; of several such, the earliest counts. */
  addAfter(key: string, ms: number): void {
    if (ms <= 0 || this.#ended) return this.add(key);
    const at = this.#clock.now() + ms;
    if ((this.#later.at(key) ?? Infinity) <= at) return;
    this.#later.set(key, at);
    this.#alarm.set(at);
  }

  /** Drops a key whose object is gone: what waits for it, and its failures. Work under way goes on. */
  forget(key: string): void {
    this.#ready.delete(key);
    this.#again.delete(key);
    this.#later.delete(key);
    this.#failures.delete(key);
  }

  #addDue(): void {
    for (const key of this.#later.due(this.#clock.now())) this.add(key);
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
    while (!this.#ended) {
      const began = performance.now();
      for (const key of this.#ready) {
        if (running.size >= concurrency || performance.now() - began > slice) break;
        this.#ready.delete(key);
        const task: Promise<void> = this.#work(key, work).finally(() => {
          running.delete(task);
          this.#wake?.();
        });
        running.add(task);
      }
      await (this.#ready.size > 0 && running.size < concurrency ? turn() : this.#woken());
    }
    signal.removeEventListener("abort", end);
    const done = new AbortController();
    const over = this.#clock.sleep(this.#grace, done.signal).catch(() => {});
    await Promise.race([Promise.all(running), over]);
    done.abort();
  }

  #woken(): Promise<void> {
    return new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#ended) resolve(); // By the work just begun.
    });
  }

  #end(): void {
    this.#ended = true;
    this.#ready.clear();
    this.#later.clear();
    this.#alarm.clear();
    this.#wake?.();
  }

  async #work(key: string, work: (key: string) => Promise<void>): Promise<void> {
    this.#active.add(key);
    try {
      await work(key);
      this.#failures.delete(key);
    } catch (error) {
      this.#failed(key, error);
    } finally {
      this.#active.delete(key);
      if (this.#again.delete(key)) this.add(key);
    }
  }

  #failed(key: string, error: unknown): void {
    if (this.#ended) return;
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const asked = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0;
    this.addAfter(key, Math.max(asked, Math.min(5 * 2 ** failures, 1_000_000)));
    try {
      this.#onError(key, error);
    } catch (problem) {
      console.error(problem); // Whoever is told of errors is broken: the work goes on all the same.
    }
  }
}

/** Lets the event loop turn: timers, answers and probes come in between. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
