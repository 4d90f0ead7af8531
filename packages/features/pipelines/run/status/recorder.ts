import type { Clock, WorkQueue } from "@plimsoll/kube";
import type { Client } from "../../permissions.ts";
import type { RunIdentity } from "../../step/labels.ts";
import type { Engine } from "../engine.ts";
import { Pace } from "../act/pace.ts";
import { isTooLarge, writeStatus } from "./status.ts";

/** When a run's status was written, and when it is to be again. */
interface Written {
  at: number;
  bytes: number;
  next: number | undefined;
}

/** Writes what the statuses of runs lack: at once where something waits for it, else in turn. */
export class Recorder {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #queue: Pick<WorkQueue, "addAfter">;
  readonly #pace = new Pace();
  readonly #written = new WeakMap<Engine, Written>();

  constructor({ client, clock, queue }: { client: Client; clock: Clock; queue: Pick<WorkQueue, "addAfter"> }) {
    this.#client = client;
    this.#clock = clock;
    this.#queue = queue;
  }

  /** Writes now or, where it isn't urgent, when its turn comes: then the run's key comes again. */
  async record(key: string, run: RunIdentity, engine: Engine, isUrgent: boolean): Promise<void> {
    if (!engine.hasUnwritten) return;
    const now = this.#clock.now();
    const written = this.#written.get(engine) ?? { at: -Infinity, bytes: 0, next: undefined };
    this.#written.set(engine, written);
    if (!isUrgent) {
      written.next ??= this.#pace.reserve(now, written.at, written.bytes);
      if (now < written.next) {
        this.#queue.addAfter(key, written.next - now);
        return;
      }
    }
    const { change, steps } = engine.takeUnwritten();
    written.next = undefined;
    try {
      await writeStatus(this.#client, run, change, now);
    } catch (error) {
      if (!isTooLarge(error) || change.steps === undefined) throw error;
      // What etcd can't hold can't be recorded: the run ends, so that this can be seen.
      engine.overflow(Object.keys(change.steps).length);
      return;
    }
    written.at = this.#clock.now();
    written.bytes = sizeOf(change.steps);
    engine.recorded(steps);
  }
}

/** About how long the longest of some entries is, in bytes. */
function sizeOf(steps: object = {}): number {
  let longest = 0;
  for (const entry of Object.values(steps) as { outputs?: unknown; retries?: unknown[] }[])
    if (Array.isArray(entry.outputs)) longest = Math.max(longest, JSON.stringify(entry.outputs).length);
  return longest;
}
