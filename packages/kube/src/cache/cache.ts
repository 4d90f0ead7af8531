import { systemClock } from "../clock/clock.ts";
import type { Selection } from "../client/list.ts";
import { reflect, type Source } from "./reflector.ts";
import type { KubeObject } from "../client/resource.ts";
import { View, type ViewOptions } from "./view.ts";

/** How a cache lists and watches, beside what it keeps of each object. */
export interface CacheOptions<T, P, I extends string> extends ViewOptions<T, P, I> {
  select?: Selection;
  /**
   * Objects a page of a list where the server can't stream them, 500 by default. Everything else waits while a page is parsed, some
   * milliseconds a megabyte: of large objects it should hold fewer.
   */
  pageSize?: number;
  /** Told of each failed list or watch, too; the cache goes on. */
  onError: (error: unknown) => void;
  random?: () => number;
}

/** A view with a list and a watch of its own. */
export class Cache<T extends KubeObject, P extends object = T & object, I extends string = never> extends View<T, P, I> {
  readonly #source: Source<T>;
  readonly #options: CacheOptions<T, P, I>;

  constructor(source: Source<T>, options: CacheOptions<T, P, I>) {
    super(options);
    this.#source = source;
    this.#options = options;
  }

  /** Runs until `signal` aborts. */
  async start(signal: AbortSignal): Promise<void> {
    const { select = {}, pageSize, clock = systemClock, random = Math.random, onError } = this.#options;
    await reflect(this.#source, this.sink(select.namespace), { select, pageSize, clock, random, onError }, signal);
    this.end(signal.reason);
  }
}
