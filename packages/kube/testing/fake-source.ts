import type { Clock } from "../src/clock/clock.ts";
import { ApiError, ConnectionError } from "../src/errors.ts";
import type { ListOptions, Page } from "../src/client/list.ts";
import type { Source } from "../src/cache/reflector.ts";
import type { KubeObject, Stored } from "../src/client/resource.ts";
import type { WatchEvent, WatchOptions } from "../src/client/watch.ts";

type Marker = Stored<KubeObject & { metadata: { labels: { colour: string } } }>;

/** An API server's storage in miniature: versions, lists in pages, watches, compaction, and every way to fail. */
export class FakeSource implements Source<Marker> {
  readonly objects = new Map<string, Marker>();
  #history: { version: number; event: WatchEvent<Marker> }[] = [];
  #version = 1;
  #compacted = 0;
  #failingLists = 0;
  #cut = new AbortController();
  #changed = Promise.withResolvers<void>();
  readonly #clock: Clock;
  /** Lists, and watches that began from nothing. */
  lists = 0;
  /** Whether a watch may begin from nothing, as a server with WatchList allows. */
  readonly #streams: boolean;

  /** A page takes a millisecond, and so do two streamed objects. */
  constructor(clock: Clock, streams = true) {
    this.#clock = clock;
    this.#streams = streams;
  }

  /** Creates or updates. */
  put(name: string, colour: string): void {
    const old = this.objects.get(name);
    this.#version += 1;
    const uid = old?.metadata.uid ?? `uid-${this.#version}`;
    const object = { metadata: { name, uid, resourceVersion: `${this.#version}`, creationTimestamp: "", labels: { colour } } };
    this.objects.set(name, object);
    this.#record({ type: old ? "MODIFIED" : "ADDED", object });
  }

  delete(name: string): void {
    const old = this.objects.get(name);
    if (!old) return;
    this.#version += 1;
    this.objects.delete(name);
    this.#record({ type: "DELETED", object: { ...old, metadata: { ...old.metadata, resourceVersion: `${this.#version}` } } });
  }

  /** Something else was written: a bookmark tells that the version moved. */
  writeElsewhere(): void {
    this.#version += 1;
    this.#wake();
  }

  /** Forgets every version before now. */
  compact(): void {
    this.#compacted = this.#version;
    this.#history = [];
  }

  /** Ends all watches: with an error, or as the server does when their time is over. */
  end(how: "cut" | "close"): void {
    this.#cut.abort(how);
    this.#cut = new AbortController();
    this.#wake();
  }

  /** Breaks this many of the next lists. */
  failLists(count: number): void {
    this.#failingLists = count;
  }

  async *pages({ limit = 500, signal }: ListOptions): AsyncGenerator<Page<Marker>> {
    const version = this.#version;
    let isFirst = true;
    for await (const items of this.#parts(limit === 0 ? Infinity : 2, signal)) {
      if (!isFirst && version < this.#compacted) throw new ApiError("list", 410, { reason: "Expired" });
      isFirst = false;
      yield { items, resourceVersion: `${version}` };
    }
  }

  async *watch({ resourceVersion, onOpen, signal }: WatchOptions): AsyncGenerator<WatchEvent<Marker>> {
    if (resourceVersion === undefined && !this.#streams) throw new ApiError("watch", 422, { reason: "Invalid" });
    const cut = this.#cut.signal;
    const from = this.#version;
    let seen = Number(resourceVersion ?? from);
    onOpen?.();
    if (resourceVersion === undefined) {
      for await (const items of this.#parts(2, signal)) for (const object of items) yield { type: "ADDED", object };
      const metadata = { resourceVersion: `${from}`, annotations: { "k8s.io/initial-events-end": "true" } };
      yield { type: "BOOKMARK", object: { metadata } };
    }
    for (;;) {
      if (seen < this.#compacted) throw new ApiError("watch", 410, { reason: "Expired" });
      const next = this.#history.find(({ version }) => version > seen);
      if (next) {
        seen = next.version;
        yield next.event;
      } else if (seen < this.#version) {
        seen = this.#version;
        yield { type: "BOOKMARK", object: { metadata: { resourceVersion: `${seen}` } } };
      } else {
        await this.#changed.promise;
      }
      signal?.throwIfAborted();
      if (cut.aborted && cut.reason === "cut") throw new ConnectionError("the watch broke", true);
      if (cut.aborted) return;
    }
  }

  /** All that there is as of now, so many objects at a time. */
  async *#parts(size: number, signal: AbortSignal | undefined): AsyncGenerator<Marker[]> {
    this.lists += 1;
    const all = [...this.objects.values()].toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    for (let start = 0; start === 0 || start < all.length; start += size) {
      await this.#clock.sleep(1, signal);
      if (this.#failingLists > 0) {
        this.#failingLists -= 1;
        throw new ConnectionError("the list broke", true);
      }
      yield all.slice(start, start + size);
    }
  }

  #record(event: WatchEvent<Marker>): void {
    this.#history.push({ version: this.#version, event });
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
