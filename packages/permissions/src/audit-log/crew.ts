import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { RangeReader, type Range } from "./reading/ranges.ts";
import type { AuditLogFilter, Scanned } from "./scanner.ts";
import type { Tally } from "./tally.ts";
import type { Answer, Part } from "./worker.ts";

/** Parts that a thread has before it: so that it needn't wait for the next while this one is busy itself. */
const ahead = 3;

/** Nearly all that a thread makes is garbage at once, so that little room for what is new suffices. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

interface Thread {
  worker: Worker;
  parts: number;
}

/** Threads that share with this one the reading of files that are lines. */
export class Crew {
  readonly #tally: Tally;
  readonly #threads: Thread[];
  readonly #reader = new RangeReader();
  readonly #scanned = new Map<number, Scanned>();
  /** Parts, of all files: how many were made and how many were added. */
  #made = 0;
  #added = 0;
  #told = Promise.withResolvers<void>();
  #failure: Error | undefined;

  constructor(tally: Tally, threads: number, filter: AuditLogFilter) {
    this.#tally = tally;
    const { onEvent: _, ...workerData } = filter;
    this.#threads = Array.from({ length: threads }, (_, index) => {
      const worker = new Worker(new URL("worker.ts", import.meta.url), { name: `audit-log-${index}`, workerData, resourceLimits });
      const thread = { worker, parts: 0 };
      worker.on("message", ({ number, scanned }: Answer) => {
        thread.parts--;
        this.#take(number, scanned);
      });
      worker.on("error", (error) => {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        this.#wake();
      });
      return thread;
    });
  }

  /**
   * Adds an open file to the tally, in parts of about `size` bytes. Returns where there is more of it that can't be shared, undefined at its end. Throws
   * what stops the reading, and then no thread reads on.
   */
  async read(descriptor: number, size: number, onRead: (bytes: number) => void): Promise<number | undefined> {
    try {
      const ranges = this.#reader.ranges(descriptor, size);
      let next = ranges.next();
      for (; !next.done; next = ranges.next()) {
        this.#give(descriptor, next.value);
        onRead(next.value.end - next.value.start);
        // Answers are heard between parts.
        await setImmediate();
        if (this.#failure !== undefined) throw this.#failure;
      }
      while (this.#added < this.#made) {
        await this.#told.promise;
        if (this.#failure !== undefined) throw this.#failure;
      }
      return next.value;
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  /** To a thread that has few parts before it, else to this one. */
  #give(descriptor: number, range: Range): void {
    const number = this.#made++;
    const thread = this.#threads.find(({ parts }) => parts < ahead);
    if (thread === undefined) return this.#take(number, this.#tally.scanner.scan(this.#reader.read(descriptor, range)));
    const part: Part = { number, descriptor, ...range };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread's port, not a window.
    thread.worker.postMessage(part);
    thread.parts++;
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  /** Parts are added in their order. */
  #take(number: number, scanned: Scanned): void {
    this.#scanned.set(number, scanned);
    for (let next = this.#scanned.get(this.#added); next !== undefined; next = this.#scanned.get(this.#added)) {
      this.#scanned.delete(this.#added++);
      this.#tally.add(next);
    }
    this.#wake();
  }

  #wake(): void {
    this.#told.resolve();
    this.#told = Promise.withResolvers();
  }
}
