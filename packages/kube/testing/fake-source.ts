import type { Clock } from "../src/clock.ts";
import { ApiError, ConnectionError } from "../src/errors.ts";
import type { ListOptions, Page } from "../src/list.ts";
import type { Source } from "../src/reflector.ts";
import type { KubeObject, Stored } from "../src/resource.ts";
import type { WatchEvent, WatchOptions } from "../src/watch.ts";

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
  lists = 0;

  /** A page takes a millisecond. */
  constructor(clock: Clock) {
    this.#clock = clock;
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
    this.lists += 1;
    const version = this.#version;
    const all = [...this.objects.values()].toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    const size = limit === 0 ? Math.max(1, all.length) : 2;
    for (let start = 0; start === 0 || start < all.length; start += size) {
      await this.#clock.sleep(1, signal);
      if (this.#failingLists > 0) {
        this.#failingLists -= 1;
        throw new ConnectionError("the list broke", true);
      }
      if (start > 0 && version < this.#compacted) throw new ApiError("list", 410, { reason: "Expired" });
      yield { items: all.slice(start, start + size), resourceVersion: `${version}` };
    }
  }

  async *watch({ resourceVersion, onOpen, signal }: WatchOptions): AsyncGenerator<WatchEvent<Marker>> {
    const cut = this.#cut.signal;
    let seen = Number(resourceVersion);
    onOpen?.();
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

  #record(event: WatchEvent<Marker>): void {
    this.#history.push({ version: this.#version, event });
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
