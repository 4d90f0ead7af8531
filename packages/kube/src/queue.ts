import { systemClock, type Clock } from "./clock.ts";

export interface WorkQueueOptions {
  clock?: Clock;
  /** Milliseconds that the work under way is given when `run` ends. Default 10,000. */
  grace?: number;
  /** Told of what `work` threw; the key comes again after its backoff. */
  onError?: (key: string, error: unknown) => void;
}

/**
 * Keys that need work. A key is in it once, however often it was added, and is worked on by one at a time: added while
 * it is worked on, it comes again afterwards. A failure brings it back after 5 ms, doubling to 1,000 s; success forgets that.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #grace: number;
  readonly #onError: (key: string, error: unknown) => void;
  readonly #ready = new Set<string>();
  readonly #active = new Set<string>();
  /** Added while active. */
  readonly #again = new Set<string>();
  readonly #later = new Map<string, { at: number; wake: AbortController }>();
  readonly #failures = new Map<string, number>();
  #wake: (() => void) | undefined;
  #ended = false;

  constructor({ clock = systemClock, grace = 10_000, onError = () => {} }: WorkQueueOptions = {}) {
    this.#clock = clock;
    this.#grace = grace;
    this.#onError = onError;
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

  forget(key: string): void {
    this.#later.get(key)?.wake.abort();
    this.#later.delete(key);
    this.#failures.delete(key);
    this.#ready.delete(key);
  }

  /** Adds the key after `ms` milliseconds; of several such, the earliest counts. */
  addAfter(key: string, ms: number): void {
    if (ms <= 0 || this.#ended) return this.add(key);
    const at = this.#clock.now() + ms;
    const planned = this.#later.get(key);
    if (planned && planned.at <= at) return;
    planned?.wake.abort();
    const wake = new AbortController();
    this.#later.set(key, { at, wake });
    void this.#addAt(key, ms, wake.signal);
  }

  async #addAt(key: string, ms: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(ms, signal);
    } catch {
      return; // An earlier time was asked for, or the queue ended.
    }
    this.#later.delete(key);
    this.add(key);
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
      for (const key of this.#ready) {
        if (running.size >= concurrency) break;
        this.#ready.delete(key);
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
    const done = new AbortController();
    const over = this.#clock.sleep(this.#grace, done.signal).catch(() => {});
    await Promise.race([Promise.all(running), over]);
    done.abort();
  }

  #end(): void {
    this.#ended = true;
    this.#ready.clear();
    for (const { wake } of this.#later.values()) wake.abort();
    this.#later.clear();
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
    this.addAfter(key, Math.min(5 * 2 ** failures, 1_000_000));
    try {
      this.#onError(key, error);
    } catch (problem) {
      console.error(problem); // Whoever is told of errors is broken: the work goes on all the same.
    }
  }
}
