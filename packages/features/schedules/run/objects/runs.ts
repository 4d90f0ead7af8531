import { isNotFound, type CacheEvent, type Clock } from "@plimsoll/kube";
import type { ObjectKind } from "../../template.ts";
import { isKind } from "../../template.ts";
import type { RunKind } from "./run-kind.ts";
import type { MadeObject, RunView } from "./run-view.ts";

/** Milliseconds that the watch may take to tell of what was made; later it is asked for. */
const longest = 30_000;

/** The runs of schedules and backfills: what the watches tell of them, and what was made here and isn't told yet. */
export class Runs {
  readonly #kinds: readonly RunKind[];
  readonly #clock: Clock;
  readonly #made = new Map<string, Map<string, { run: RunView; at: number }>>();

  constructor(kinds: readonly RunKind[], clock: Clock) {
    this.#kinds = kinds;
    this.#clock = clock;
  }

  /** The kind, or undefined where that isn't scheduled. */
  kind(of: ObjectKind): RunKind | undefined {
    return this.#kinds.find(({ kind }) => isKind(kind, of));
  }

  get kinds(): readonly ObjectKind[] {
    return this.#kinds.map(({ kind }) => kind);
  }

  /** Calls back for each run that is there, and each change. */
  on(handler: (event: CacheEvent<RunView>) => void): void {
    for (const { view } of this.#kinds)
      view.on((event) => {
        const { owner, name } = event.object;
        this.#made.get(owner)?.delete(name);
        handler(event);
      });
  }

  /** The runs of an owner. */
  of(owner: string): RunView[] {
    const told = this.#kinds.flatMap(({ view }) => view.by("owner", owner));
    const made = this.#made.get(owner);
    if (made === undefined || made.size === 0) return told;
    const names = new Set(told.map(({ name }) => name));
    return [...told, ...[...made.values()].map(({ run }) => run).filter(({ name }) => !names.has(name))];
  }

  /** The runs of a schedule, also those of its backfills. */
  ofSchedule(namespace: string, name: string): RunView[] {
    return this.#kinds.flatMap(({ view }) => view.by("schedule", `${namespace}/${name}`));
  }

  /** Makes a run, unless it is there. */
  async start(kind: RunKind, object: MadeObject): Promise<RunView> {
    const run = await kind.ensure(object);
    const { owner, name } = run;
    if (kind.view.by("owner", owner).every((one) => one.name !== name)) {
      const made = this.#made.get(owner) ?? new Map<string, { run: RunView; at: number }>();
      made.set(name, { run, at: this.#clock.monotonic() });
      this.#made.set(owner, made);
    }
    return run;
  }

  end(run: RunView, by: "schedule" | "backfill"): Promise<void> {
    return this.#done(run, (kind) => kind.end(run, by));
  }

  remove(run: RunView): Promise<void> {
    return this.#done(run, (kind) => kind.remove(run));
  }

  /** Nothing of an owner is remembered any more. */
  forget(owner: string): void {
    this.#made.delete(owner);
  }

  /** Asks for what was made some time ago and isn't told: it may be gone, and the watch have missed both. */
  async confirm(owner: string): Promise<void> {
    const now = this.#clock.monotonic();
    for (const [name, made] of this.#made.get(owner) ?? []) {
      if (now - made.at < longest) continue;
      const found = await this.kind(made.run.kind)?.find(made.run);
      if (found === undefined || found.uid !== made.run.uid) this.#made.get(owner)?.delete(name);
      else this.#made.get(owner)?.set(name, { run: found, at: now });
    }
  }

  async #done(run: RunView, act: (kind: RunKind) => Promise<void>): Promise<void> {
    const kind = this.kind(run.kind);
    if (kind === undefined) return;
    try {
      await act(kind);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.#made.get(run.owner)?.delete(run.name);
    }
  }
}
