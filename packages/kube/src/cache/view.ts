import { systemClock, type Clock } from "../clock/clock.ts";
import { Listener, type CacheEvent, type Handler } from "./listener.ts";
import type { Sink } from "./reflector.ts";
import type { KubeObject, Stored } from "../client/resource.ts";
import { Slice } from "../clock/slice.ts";
import { Table, type Entry } from "./table.ts";

export interface ViewOptions<T, P, I extends string> {
  /**
   * What is kept of an object: only what is read later, since a whole pod takes ten times the memory. Undefined for an object that is no
   * part of the view.
   */
  project: (object: Stored<T>) => P | undefined;
  /** For each index, the values under which an object is found by `by`. Must depend on the object alone: they are asked for again when it goes. */
  indexes?: Record<I, (object: P) => readonly string[]>;
  /** Told of what a handler, `project` or an index threw. An object that cannot be projected is left out, or as it was before. */
  onError: (error: unknown) => void;
  clock?: Clock;
}

/**
 * The objects of one resource as one reader sees them, each a projection, kept equal to the API server's by the reflectors that its sinks
 * are given to. Each change of an object is told once and in order: over a gap, the difference is told.
 */
export class View<T extends KubeObject, P extends object = T & object, I extends string = never> {
  /** Resolves when everything was listed once; rejects when that can't come any more. */
  readonly synced: Promise<void>;
  readonly #options: ViewOptions<T, P, I>;
  readonly #table: Table<P, I>;
  readonly #listeners = new Set<Listener<P>>();
  readonly #sync = Promise.withResolvers<void>();
  /** Sinks whose first list isn't complete. */
  #unlisted = 0;

  constructor(options: ViewOptions<T, P, I>) {
    this.#options = options;
    this.#table = new Table(options.indexes);
    this.synced = this.#sync.promise;
    this.synced.catch(() => {}); // Nobody need wait for it.
  }

  get size(): number {
    return this.#table.size;
  }

  /** `namespace` is undefined for what is not namespaced. */
  get(namespace: string | undefined, name: string): P | undefined {
    return this.#table.get(keyOf(namespace, name))?.object;
  }

  values(): Iterable<P> {
    return this.#table.values();
  }

  /** The objects with this value in an index, in no particular order. */
  by(index: I, value: string): P[] {
    return this.#table.by(index, value);
  }

  /**
   * Calls `handler` for each object that is there (as added) and for each change from now on. Many objects are told in slices, and the
   * event loop turns between: one that changes before its turn is told as it was, and then the change. Gives what ends all that.
   */
  on(handler: Handler<P>): () => void {
    const listener = new Listener(handler, this.#table.lastOrder, this.#options.onError);
    this.#listeners.add(listener);
    void listener.replay(this.#table.entries(), this.#slice());
    return () => {
      this.#listeners.delete(listener);
      listener.end();
    };
  }

  /** Where a reflector of one namespace, or of all, puts what it sees. All sinks of a view are made before the first is filled. */
  sink(namespace?: string): Sink<T> {
    const prefix = namespace === undefined ? "" : `${namespace}/`;
    let round = 0;
    let lists = 0;
    let isListed = false;
    this.#unlisted += 1;
    return {
      beginList: () => {
        round = this.#table.mark();
        lists += 1;
      },
      listed: (object) => this.#set(object, round),
      endList: async () => {
        // What the first has shown can't be gone: the others have seen earlier ones, though perhaps not to their ends.
        if (lists > 1) await this.#sweep(round, prefix);
        if (!isListed && --this.#unlisted === 0) this.#sync.resolve();
        isListed = true;
      },
      changed: (event) => {
        if (event.type === "DELETED") this.#delete(event.object);
        else if (event.type !== "BOOKMARK") this.#set(event.object, round);
      },
    };
  }

  /** Says that no more comes: who waits for the first list need not wait any longer. */
  end(reason: unknown): void {
    this.#sync.reject(reason);
  }

  #slice(): Slice {
    return new Slice(this.#options.clock ?? systemClock);
  }

  /** Takes away what a list has not shown. Nothing else changes that part of the table meanwhile, as changes are told only thereafter. */
  async #sweep(round: number, prefix: string): Promise<void> {
    const slice = this.#slice();
    for (const entry of this.#table.unmarked(round, prefix)) {
      if (slice.isOver) await slice.turn();
      this.#remove(entry, entry.object);
    }
  }

  #set(object: Stored<T>, round: number): void {
    const { namespace, name, uid, resourceVersion } = object.metadata;
    const key = keyOf(namespace, name);
    let entry = this.#table.get(key);
    // Deleted and created again while nobody watched.
    if (entry && entry.uid !== uid) {
      this.#remove(entry, entry.object);
      entry = undefined;
    }
    if (entry) entry.round = round;
    if (entry?.resourceVersion === resourceVersion) return;
    const old = entry && { old: entry.object };
    let projected: P | undefined;
    try {
      projected = this.#options.project(object);
      if (projected !== undefined) this.#table.set(key, entry, { uid, resourceVersion, round, object: projected });
    } catch (error) {
      this.#options.onError(error);
      return;
    }
    if (projected !== undefined)
      this.#emit(old ? { type: "update", ...old, object: projected } : { type: "add", object: projected }, entry);
    else if (entry) this.#remove(entry, entry.object);
  }

  #delete(object: Stored<T>): void {
    const entry = this.#table.get(keyOf(object.metadata.namespace, object.metadata.name));
    if (!entry || entry.uid !== object.metadata.uid) return;
    let last: P | undefined;
    try {
      last = this.#options.project(object);
    } catch (error) {
      this.#options.onError(error);
    }
    this.#remove(entry, last ?? entry.object);
  }

  #remove(entry: Entry<P>, last: P): void {
    this.#table.delete(entry);
    this.#emit({ type: "delete", old: entry.object, object: last }, entry);
  }

  #emit(event: CacheEvent<P>, entry: Entry<P> | undefined): void {
    // A handler that comes meanwhile is told what is there as it comes, one that goes wants no more.
    const listeners = [...this.#listeners];
    for (const listener of listeners) listener.changed(event, entry);
  }
}

function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
