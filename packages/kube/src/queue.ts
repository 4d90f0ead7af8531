import { systemClock, type Clock } from "./clock.ts";

export interface WorkQueueOptions {
  clock?: Clock;
  /** Told of what `work` threw; the key comes again after its backoff. */
  onError?: (key: string, error: unknown) => void;
}

/**
 * Keys that need work. A key is in it once, however often it was added, and is worked on by one at a time: added while
 * it is worked on, it comes again afterwards. A failure brings it back after 5 ms, doubling to 1,000 s; success forgets that.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #onError: (key: string, error: unknown) => void;
  readonly #ready = new Set<string>();
  readonly #active = new Set<string>();
  /** Added while active. */
  readonly #again = new Set<string>();
  readonly #later = new Map<string, { at: number; wake: AbortController }>();
  readonly #failures = new Map<string, number>();
  #wake: (() => void) | undefined;

  constructor({ clock = systemClock, onError = () => {} }: WorkQueueOptions = {}) {
    this.#clock = clock;
    this.#onError = onError;
  }

  /** Keys that wait for a worker; not those that are worked on, nor those added for later. */
  get length(): number {
    return this.#ready.size;
  }

  add(key: string): void {
    if (this.#active.has(key)) {
      this.#again.add(key);
    } else {
      this.#ready.add(key);
      this.#wake?.();
    }
  }

  /** Adds the key after `ms` milliseconds; of several such, the earliest counts. */
  addAfter(key: string, ms: number): void {
    if (ms <= 0) return this.add(key);
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

  /** Works until `signal` aborts, on at most `concurrency` keys at once; returns when the last of them is done. */
  async run(concurrency: number, work: (key: string) => Promise<void>, signal: AbortSignal): Promise<void> {
    const end = () => this.#wake?.();
    signal.addEventListener("abort", end);
    const running = new Set<Promise<void>>();
    while (!signal.aborted) {
      for (const key of this.#ready) {
        if (running.size >= concurrency) break;
        this.#ready.delete(key);
        const task: Promise<void> = this.#work(key, work, signal).finally(() => {
          running.delete(task);
          this.#wake?.();
        });
        running.add(task);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (signal.aborted) resolve(); // By the work just begun.
      });
    }
    signal.removeEventListener("abort", end);
    await Promise.all(running);
    for (const { wake } of this.#later.values()) wake.abort();
    this.#later.clear();
  }

  async #work(key: string, work: (key: string) => Promise<void>, signal: AbortSignal): Promise<void> {
    this.#active.add(key);
    try {
      await work(key);
      this.#failures.delete(key);
    } catch (error) {
      if (!signal.aborted) {
        const failures = this.#failures.get(key) ?? 0;
        this.#failures.set(key, failures + 1);
        this.#onError(key, error);
        this.addAfter(key, Math.min(5 * 2 ** failures, 1_000_000));
      }
    } finally {
      this.#active.delete(key);
      if (this.#again.delete(key)) this.add(key);
    }
  }
}
