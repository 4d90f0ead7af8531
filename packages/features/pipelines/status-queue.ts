import { isConflict, isNotFound, WorkQueue, type Clock } from "@plimsoll/kube";
import type { Client } from "./permissions.ts";
import type { Runs } from "./runs.ts";
import { writeStatus } from "./status.ts";

/** Statuses written at once. */
const width = 8;

/** Writes what the statuses of runs lack. */
export class StatusQueue {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #runs: Runs;
  readonly #queue: WorkQueue;

  constructor(runs: Runs, options: { client: Client; clock: Clock; onError: (what: string, error: unknown) => void }) {
    this.#client = options.client;
    this.#clock = options.clock;
    this.#runs = runs;
    this.#queue = new WorkQueue({ clock: options.clock, onError: (key, error) => options.onError(`status of ${key}`, error) });
  }

  /** A run's end is written at once; else at most once a second, and more seldom the more runs there are: Jobs go before reports on them. */
  add(key: string, hasEnded = false): void {
    this.#queue.addAfter(key, hasEnded ? 0 : 1_000 + 50 * this.#runs.size);
  }

  /** Works until the signal aborts. */
  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(width, (key) => this.#write(key), signal);
  }

  async #write(key: string): Promise<void> {
    const view = this.#runs.view(key);
    const engine = view && this.#runs.engine(view.uid);
    const change = engine?.takeUnwritten();
    if (view === undefined || engine === undefined || change === undefined) return;
    try {
      await writeStatus(this.#client, view, change, this.#clock.now());
    } catch (error) {
      // The run is gone, and perhaps another of its name has come, which its UID keeps the write from.
      if (isNotFound(error) || (isConflict(error) && this.#runs.view(key)?.uid !== view.uid)) return this.#runs.forget(view.uid);
      engine.restore(change);
      throw error;
    }
    if (change.finishedAt !== undefined) this.#runs.rest(view.uid);
  }
}
