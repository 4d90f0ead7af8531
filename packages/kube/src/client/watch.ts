import { ConnectionError, SilenceError, statusError } from "../errors.ts";
import { lines } from "../transport/lines.ts";
import type { Selection } from "./list.ts";
import { pathOf, type Definition, type Stored } from "./resource.ts";
import type { Sender } from "../transport/api-request.ts";

export interface WatchOptions extends Selection {
  /** Changes after this version are given; that of a list, or of the last event seen. Undefined: all that there is comes first, as added, and then a bookmark that ends it. */
  resourceVersion: string | undefined;
  /** Seconds after which the server ends the watch. */
  timeoutSeconds?: number;
  /** Called when the server has accepted the watch, which may be long before the first event. */
  onOpen?: () => void;
  signal?: AbortSignal | undefined;
}

/** A bookmark says that everything up to its resourceVersion was given; only that is in its object. */
export type WatchEvent<T> =
  | { type: "ADDED" | "MODIFIED" | "DELETED"; object: Stored<T> }
  | { type: "BOOKMARK"; object: { metadata: { resourceVersion: string; annotations?: Record<string, string> } } };

/** Whether all has been given that was there when a watch from no version began. */
export function endsInitial<T>({ type, object }: WatchEvent<T>): boolean {
  return type === "BOOKMARK" && object.metadata.annotations?.["k8s.io/initial-events-end"] === "true";
}

/**
 * The server sends a bookmark every minute, unless there is no newer version to tell, as in a cluster where nothing happens. So longer
 * silence may mean that nobody is there any more, or nothing at all: to open the watch again tells which.
 */
const idleTimeout = 90_000;

/**
 * One watch, until the server ends it (which it does every few minutes) or falls silent; it does not resume by itself, `Cache` does.
 * @throws ApiError (`isGone`: list again), ConnectionError when it was cut (resume from the last event).
 */
export async function* watch<T>(sender: Sender, resource: Definition, options: WatchOptions): AsyncGenerator<WatchEvent<T>, void> {
  const { namespace, onOpen, signal, ...selection } = options;
  const path = pathOf(resource, { namespace });
  const initial = selection.resourceVersion === undefined ? { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" } : {};
  const query = { ...selection, ...initial, watch: true, allowWatchBookmarks: true };
  const body = await sender.stream({ method: "GET", path, query, timeout: idleTimeout, signal });
  onOpen?.();
  try {
    for await (const line of lines(body)) {
      const event = parse<T>(line, path);
      if (event.type === "ERROR") throw statusError(`watch of ${path}`, event.object);
      yield event;
    }
  } catch (error) {
    if (!(error instanceof SilenceError)) throw error;
  }
}

function parse<T>(line: string, path: string): WatchEvent<T> | { type: "ERROR"; object: unknown } {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new ConnectionError(`watch of ${path}: the connection broke within an event`, true, error);
  }
}
