import type { Clock } from "../clock/clock.ts";
import { ApiError, isGone, isNotServed } from "../errors.ts";
import type { ListOptions, Page, Selection } from "../client/list.ts";
import type { Stored } from "../client/resource.ts";
import { Slice } from "../clock/slice.ts";
import { endsInitial, type WatchEvent, type WatchOptions } from "../client/watch.ts";

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
  /** The list is complete: what it did not hold is gone. Changes are told when this resolves. */
  endList(): void | Promise<void>;
  changed(event: WatchEvent<T>): void;
}

export interface ReflectorOptions {
  select: Selection;
  /** Objects a page of a list; undefined: as many as `pages` gives by itself. */
  pageSize?: number | undefined;
  /** Whether the kind may be one that the server doesn't know, or not yet: then there is nothing of it, until it does. */
  mayBeMissing?: boolean | undefined;
  clock: Clock;
  random: () => number;
  /** Told of each failed list or watch, of a kind that may be missing and is so once alone; the reflector goes on by itself. */
  onError: (error: unknown) => void;
}

/**
 * Keeps `sink` equal to `source` until `signal` aborts. A watch that begins from nothing first streams all that there is (WatchList, on by
 * default since Kubernetes 1.34); where the server can't do that, all is listed, page by page, and watched from there on. A watch that ended
 * is resumed after its last event; only when the server no longer keeps that version does everything begin anew.
 */
export async function reflect<T>(source: Source<T>, sink: Sink<T>, options: ReflectorOptions, signal: AbortSignal): Promise<void> {
  const { select, pageSize: limit, mayBeMissing = false, clock, random, onError } = options;
  const list = { ...select, signal, ...(limit === undefined ? {} : { limit }) };
  let resourceVersion: string | undefined;
  let streams = true;
  let isMissing = false;
  let failures = 0;

  while (!signal.aborted) {
    let opened: number | undefined;
    failures += 1; // Until a change proves otherwise.
    try {
      if (!streams) resourceVersion ??= await relist(source, sink, list);
      const timeoutSeconds = Math.round(300 + 300 * random());
      const onOpen = () => {
        opened = clock.now();
      };
      const events = source.watch({ ...select, resourceVersion, timeoutSeconds, onOpen, signal });
      for await (const event of resourceVersion === undefined ? initially(events, sink, clock) : events) {
        sink.changed(event);
        resourceVersion = event.object.metadata.resourceVersion;
        if (event.type !== "BOOKMARK") failures = 0;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (resourceVersion === undefined && streams && cantStream(error)) {
        streams = false;
        failures = 0;
        continue;
      }
      // However much it gave before: a server that always fails after its first event must not be asked without a pause.
      failures = Math.max(failures, 1);
      const wasMissing = isMissing;
      isMissing = mayBeMissing && isNotServed(error);
      if (isGone(error)) resourceVersion = undefined;
      else if (!(isMissing && wasMissing)) onError(error);
      if (isMissing) {
        resourceVersion = undefined;
        sink.beginList();
        await sink.endList();
      }
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

/** A server that knows no initial events has begun as if nobody had asked for them. */
class NoInitialEventsError extends Error {}

/** Whether the server takes no watch that begins from nothing: the switch is off (422), or it is an older one (400). */
function cantStream(error: unknown): boolean {
  return error instanceof NoInitialEventsError || (error instanceof ApiError && (error.code === 422 || error.code === 400));
}

/** Takes in what a watch from nothing gives first, and gives what comes after that, the bookmark between them at the head. */
async function* initially<T>(events: AsyncIterable<WatchEvent<T>>, sink: Sink<T>, clock: Clock): AsyncGenerator<WatchEvent<T>, void> {
  let isInitial = true;
  const slice = new Slice(clock);
  sink.beginList();
  for await (const event of events) {
    if (!isInitial) yield event;
    else if (event.type === "BOOKMARK") {
      if (!endsInitial(event)) throw new NoInitialEventsError("the server gives no initial events");
      await sink.endList();
      isInitial = false;
      yield event;
    } else if (event.type === "DELETED") sink.changed(event);
    else {
      if (slice.isOver) await slice.turn();
      sink.listed(event.object);
    }
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
  await sink.endList();
  return resourceVersion;
}
