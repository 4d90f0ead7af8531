import type { Clock } from "./clock.ts";
import { isGone } from "./errors.ts";
import type { ListOptions, Page, Selection } from "./list.ts";
import type { Stored } from "./resource.ts";
import type { WatchEvent, WatchOptions } from "./watch.ts";

/** What a gated client of a resource offers where "list" and "watch" were declared. */
export interface Source<T> {
  pages(options: ListOptions): AsyncIterable<Page<T>>;
  watch(options: WatchOptions): AsyncIterable<WatchEvent<T>>;
}

/** What is kept equal to the source. */
export interface Sink<T> {
  /** A list of everything begins, again if the last one was not finished. */
  beginList(): void;
  listed(object: Stored<T>): void;
  /** The list is complete: what it did not hold is gone. The watch begins when this resolves. */
  endList(resourceVersion: string): void | Promise<void>;
  changed(event: WatchEvent<T>): void;
}

export interface ReflectorOptions {
  select: Selection;
  /** Objects a page of a list; undefined: as many as `pages` gives by itself. */
  pageSize?: number | undefined;
  clock: Clock;
  random: () => number;
  /** Told of each failed list or watch; the reflector goes on by itself. */
  onError: (error: unknown) => void;
}

/**
 * Keeps `sink` equal to `source` until `signal` aborts: lists, then watches from the list's version on. A watch that
 * ended is resumed after its last event; only when the server no longer keeps that version is everything listed again.
 */
export async function reflect<T>(source: Source<T>, sink: Sink<T>, options: ReflectorOptions, signal: AbortSignal): Promise<void> {
  const { select, pageSize: limit, clock, random, onError } = options;
  const list = { ...select, signal, ...(limit === undefined ? {} : { limit }) };
  let resourceVersion: string | undefined;
  let failures = 0;

  while (!signal.aborted) {
    let opened: number | undefined;
    failures += 1; // Until a change proves otherwise.
    try {
      resourceVersion ??= await relist(source, sink, list);
      const timeoutSeconds = Math.round(300 + 300 * random());
      const onOpen = () => {
        opened = clock.now();
      };
      for await (const event of source.watch({ ...select, resourceVersion, timeoutSeconds, onOpen, signal })) {
        sink.changed(event);
        resourceVersion = event.object.metadata.resourceVersion;
        if (event.type !== "BOOKMARK") failures = 0;
      }
    } catch (error) {
      if (signal.aborted) return;
      // However much it gave before: a server that always fails after its first event must not be asked without a pause.
      failures = Math.max(failures, 1);
      if (isGone(error)) resourceVersion = undefined;
      else onError(error);
    }
    let pause = backoff(failures, random);
    if (opened !== undefined && clock.now() - opened > pause) {
      // The watch held for longer: what had failed before is over.
      failures = 0;
      pause = 0;
    }
    // An abort ends the sleep, and then the loop.
    if (pause > 0) await clock.sleep(pause, signal).catch(() => {});
  }
}

/** Milliseconds: none after a change, then 0.8 s doubling to 30 s, each stretched by up to as much again (client-go's figures). */
function backoff(failures: number, random: () => number): number {
  return failures === 0 ? 0 : Math.min(30_000, 800 * 2 ** (failures - 1)) * (1 + random());
}

async function relist<T>(source: Source<T>, sink: Sink<T>, list: ListOptions): Promise<string> {
  try {
    return await listInto(source, sink, { ...list, expired: "fail" });
  } catch (error) {
    if (!isGone(error)) throw error;
    // The list went on for longer than the server keeps old versions: take it in one piece.
    return listInto(source, sink, { ...list, expired: "fail", limit: 0 });
  }
}

async function listInto<T>(source: Source<T>, sink: Sink<T>, options: ListOptions): Promise<string> {
  let resourceVersion = "";
  sink.beginList();
  for await (const page of source.pages(options)) {
    for (const object of page.items) sink.listed(object);
    resourceVersion = page.resourceVersion;
  }
  await sink.endList(resourceVersion);
  return resourceVersion;
}
