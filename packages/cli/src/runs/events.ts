import {
  Cache,
  isForbidden,
  isNotFound,
  mayPass,
  type CacheEvent,
  type KubeObject,
  type Selection,
  type Source,
  type Stored,
} from "@plimsoll/kube";
import { Failure } from "../failure.ts";

export interface Watched {
  /** As it is named in a rule: `pods`, `pipelineruns.plimsoll.dev`. */
  resource: string;
  select: Selection;
  /** What is followed, in words; a run unless it is said. */
  what?: string;
  /** Told once of each trouble that may pass, while the watch goes on. */
  say: (line: string) => void;
  /** Ends the stream. */
  signal?: AbortSignal | undefined;
}

/** Each change of the selected objects, those that are there first. Fails where trying again doesn't help, as without the right to watch. */
export function events<T extends KubeObject>(
  source: Source<T>,
  { resource, select, what = "a run", say, signal }: Watched,
): ReadableStream<CacheEvent<Stored<T>>> {
  const stop = new AbortController();
  let watching: Promise<void>;
  return new ReadableStream({
    start(stream) {
      const told = new Set<string>();
      const onError = (error: unknown): void => {
        if (mayPass(error)) {
          if (!told.has(error.message)) say(`${error.message}; trying again`);
          told.add(error.message);
        } else {
          stop.abort();
          stream.error(explained(error, what, resource, select.namespace));
        }
      };
      const cache = new Cache(source, { project: (object) => object, select, onError });
      cache.on((event) => stream.enqueue(event));
      signal?.addEventListener("abort", () => {
        if (stop.signal.aborted) return;
        stop.abort();
        stream.close();
      });
      watching = cache.start(stop.signal);
    },
    cancel() {
      stop.abort();
      return watching;
    },
  });
}

function explained(error: unknown, what: string, resource: string, namespace: string | undefined): unknown {
  const where = namespace === undefined ? "" : ` in namespace "${namespace}"`;
  if (isForbidden(error))
    return new Failure(`to follow ${what} takes the rights to list and to watch ${resource}${where}: ${error.message}`);
  if (isNotFound(error)) return new Failure(`this cluster has no ${resource}: ${error.message}`);
  return error;
}
