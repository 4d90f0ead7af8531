import { systemClock, type Clock } from "./clock.ts";
import type { Selection } from "./list.ts";
import { Listener, type CacheEvent, type Handler } from "./listener.ts";
import { reflect, type Source } from "./reflector.ts";
import type { KubeObject, Stored } from "./resource.ts";
import { Slice } from "./slice.ts";
import { Table, type Entry } from "./table.ts";
import type { WatchEvent } from "./watch.ts";

export interface CacheOptions<T, P, I extends string> {
  /** What is kept of an object: only what is read later, since a whole pod takes ten times the memory. */
  project: (object: Stored<T>) => P;
  /** For each index, the values under which an object is found by `by`. Must depend on the object alone: they are asked for again when it goes. */
  indexes?: Record<I, (object: P) => readonly string[]>;
  select?: Selection;
  /**
   * Objects a page of a list, 500 by default. Everything else waits while a page is parsed, some milliseconds a megabyte: of
   * large objects it should hold fewer.
   */
  pageSize?: number;
  /**
   * Told of each failed list or watch, and of what a handler, `project` or an index threw; the cache goes on. An object that
   * cannot be projected is left out, or as it was before.
   */
  onError: (error: unknown) => void;
  clock?: Clock;
  random?: () => number;
}

/**
 * The objects of one resource (those selected), kept equal to the API server's by a list and a watch. Each change of an
 * object is told once and in order: over a gap, the difference is told. Every object is a projection.
 */
export class Cache<T extends KubeObject, P = T, I extends string = never> {
  /** Resolves when everything was listed once; rejects when the cache was stopped before. */
  readonly synced: Promise<void>;
  readonly #source: Source<T>;
  readonly #options: CacheOptions<T, P, I>;
  readonly #table: Table<P, I>;
  readonly #listeners = new Set<Listener<P>>();
  readonly #sync = Promise.withResolvers<void>();
  #lastResourceVersion: string | undefined;

  constructor(source: Source<T>, options: CacheOptions<T, P, I>) {
    this.#source = source;
    this.#options = options;
    this.#table = new Table(options.indexes);
    this.synced = this.#sync.promise;
    this.synced.catch(() => {}); // Nobody need wait for it.
  }

  /** Runs until `signal` aborts. */
  async start(signal: AbortSignal): Promise<void> {
    const { select = {}, pageSize, clock = systemClock, random = Math.random, onError } = this.#options;
    const sink = {
      beginList: () => this.#table.mark(),
      listed: (object: Stored<T>) => this.#set(object),
      endList: (resourceVersion: string) => this.#endList(resourceVersion),
      changed: (event: WatchEvent<T>) => this.#changed(event),
    };
    await reflect(this.#source, sink, { select, pageSize, clock, random, onError }, signal);
    this.#sync.reject(signal.reason);
  }

  get size(): number {
    return this.#table.size;
  }

  /** The version up to which the cache has seen every change; undefined before the first list. */
  get lastResourceVersion(): string | undefined {
    return this.#lastResourceVersion;
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

  #slice(): Slice {
    return new Slice(this.#options.clock ?? systemClock);
  }

  /** Nothing else changes the table meanwhile, as the watch only begins thereafter. */
  async #endList(resourceVersion: string): Promise<void> {
    const slice = this.#slice();
    for (const entry of this.#table.unmarked()) {
      if (slice.isOver) await slice.turn();
      this.#table.delete(entry);
      this.#emit({ type: "delete", old: entry.object, object: entry.object }, entry);
    }
    this.#lastResourceVersion = resourceVersion;
    this.#sync.resolve();
  }

  #changed(event: WatchEvent<T>): void {
    if (event.type === "DELETED") this.#delete(event.object);
    else if (event.type !== "BOOKMARK") this.#set(event.object);
    this.#lastResourceVersion = event.object.metadata.resourceVersion;
  }

  #set(object: Stored<T>): void {
    const { namespace, name, uid, resourceVersion } = object.metadata;
    const key = keyOf(namespace, name);
    let entry = this.#table.get(key);
    if (entry && entry.uid !== uid) {
      // Deleted and created again while nobody watched.
      this.#table.delete(entry);
      this.#emit({ type: "delete", old: entry.object, object: entry.object }, entry);
      entry = undefined;
    }
    if (entry?.resourceVersion === resourceVersion) {
      this.#table.keep(entry);
      return;
    }
    const old = entry && { old: entry.object };
    let projected: P;
    try {
      projected = this.#options.project(object);
      this.#table.set(key, entry, { uid, resourceVersion, object: projected });
    } catch (error) {
      if (entry) this.#table.keep(entry);
      this.#options.onError(error);
      return;
    }
    this.#emit(old ? { type: "update", ...old, object: projected } : { type: "add", object: projected }, entry);
  }

  #delete(object: Stored<T>): void {
    const entry = this.#table.get(keyOf(object.metadata.namespace, object.metadata.name));
    if (!entry || entry.uid !== object.metadata.uid) return;
    this.#table.delete(entry);
    let last = entry.object;
    try {
      last = this.#options.project(object);
    } catch (error) {
      this.#options.onError(error);
    }
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
