import type { DrainStatus } from "@plimsoll/api";
import { finalizer, type DrainView } from "../decide/drain-view.ts";
import type { DrainingRuntime } from "../permissions.ts";
import { isAnother } from "./is-another.ts";

/** From one status of a Drain to the next where it only says more; milliseconds. */
const pace = 1_000;

const fields = [
  "message",
  "finishedAt",
  "startedAt",
  "progress",
  "left",
  "nodes",
  "surges",
] as const satisfies readonly (keyof DrainStatus)[];

/** What is written of Drains. Only this process writes it, so that what was written last is known sooner than it is seen. */
export class Statuses {
  readonly #runtime: Pick<DrainingRuntime, "client" | "clock">;
  readonly #written = new Map<string, { status: DrainStatus; text: string; at: number }>();
  readonly #held = new Set<string>();

  constructor(runtime: Pick<DrainingRuntime, "client" | "clock">) {
    this.#runtime = runtime;
  }

  /** A Drain with what was written of it last. */
  known(drain: DrainView): DrainView {
    const { status = drain.status } = this.#written.get(drain.uid) ?? {};
    return { ...drain, status, hasFinalizer: drain.hasFinalizer || (this.#held.has(drain.uid) && !drain.isDeleted) };
  }

  /** Forgets all Drains but these. */
  keep(uids: ReadonlySet<string>): void {
    for (const kept of [this.#written, this.#held]) for (const uid of kept.keys()) if (!uids.has(uid)) kept.delete(uid);
  }

  /** Writes a status unless it is written already. `isUrgent`: at once; else it may wait for its turn. Gives whether it was written. */
  async write(drain: DrainView, status: DrainStatus, isUrgent: boolean, signal: AbortSignal): Promise<boolean> {
    const now = this.#runtime.clock.now();
    const text = textOf(status);
    const before = this.#written.get(drain.uid) ?? { text: textOf(drain.status), at: 0 };
    if (text === before.text || (!isUrgent && now < before.at + pace)) return false;
    const cleared = Object.fromEntries(fields.filter((field) => status[field] === undefined).map((field) => [field, null]));
    const written = { ...status, updatedAt: new Date(now).toISOString() };
    try {
      await this.#runtime
        .client("drains.plimsoll.dev/status")
        .patch({ name: drain.name }, { metadata: { uid: drain.uid }, status: { ...cleared, ...written } }, { signal });
    } catch (error) {
      signal.throwIfAborted();
      if (!isAnother(error)) throw error;
    }
    this.#written.set(drain.uid, { status: written, text, at: now });
    return true;
  }

  /** Keeps a Drain, when it is deleted, until it is let go. */
  async hold({ name, uid }: DrainView, signal: AbortSignal): Promise<void> {
    const kept = await this.#apply(name, { uid, finalizers: [finalizer] }, signal);
    if (kept !== undefined) this.#held.add(uid);
  }

  async letGo({ name, uid }: DrainView, signal: AbortSignal): Promise<void> {
    const left = await this.#apply(name, { uid }, signal);
    this.#held.delete(uid);
    // Who made the Drain may have given it the finalizer, too.
    if (left?.finalizers.includes(finalizer)) {
      const finalizers = left.finalizers.filter((one) => one !== finalizer);
      await this.#runtime
        .client("drains.plimsoll.dev")
        .patch({ name }, { metadata: { uid, resourceVersion: left.resourceVersion, finalizers } }, { signal });
    }
  }

  /** Applies metadata of a Drain; undefined where that is gone. */
  async #apply(
    name: string,
    metadata: object,
    signal: AbortSignal,
  ): Promise<{ finalizers: readonly unknown[]; resourceVersion: string } | undefined> {
    const options = { type: "apply", fieldManager: "plimsoll-draining", force: true, signal } as const;
    try {
      const { metadata: after } = await this.#runtime.client("drains.plimsoll.dev").patch({ name }, { metadata }, options);
      return { finalizers: Array.isArray(after["finalizers"]) ? after["finalizers"] : [], resourceVersion: after.resourceVersion };
    } catch (error) {
      signal.throwIfAborted();
      if (!isAnother(error)) throw error;
      return undefined;
    }
  }
}

/** The same for statuses that say the same. */
function textOf({ updatedAt: _, ...status }: DrainStatus): string {
  return JSON.stringify(
    Object.entries(status)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
