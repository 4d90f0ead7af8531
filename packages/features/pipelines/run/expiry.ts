import { isNotFound, type Clock, type WorkQueue } from "@plimsoll/kube";
import type { Client, PipelinesRuntime } from "../permissions.ts";
import { queueKey, type Runs, type RunView } from "./runs.ts";

/** Runs deleted at once. */
const width = 4;

/** Deletes runs whose time to live is over, with all that they own. */
export class Expiry {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #runs: Runs;
  readonly #queue: WorkQueue;

  constructor(runs: Runs, { client, clock, queue }: Pick<PipelinesRuntime, "client" | "clock" | "queue">) {
    this.#runs = runs;
    this.#client = client;
    this.#clock = clock;
    this.#queue = queue("pipelines-expiry");
  }

  /** Takes in a run as it is now. */
  observe(view: RunView): void {
    if (view.expiresAt === undefined) this.forget(view);
    else this.#queue.addAfter(queueKey(view), view.expiresAt - this.#clock.now());
  }

  forget(view: RunView): void {
    this.#queue.forget(queueKey(view));
  }

  /** Works until the signal aborts. */
  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(width, (key) => this.#expire(key), signal);
  }

  async #expire(key: string): Promise<void> {
    const view = this.#runs.view(key);
    if (view?.expiresAt === undefined) return;
    if (view.expiresAt > this.#clock.now()) return this.observe(view);
    const { namespace, name, uid } = view;
    try {
      await this.#client("pipelineruns.plimsoll.dev").delete(
        { namespace, name },
        { preconditions: { uid }, propagationPolicy: "Background" },
      );
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
