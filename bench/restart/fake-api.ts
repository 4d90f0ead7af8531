import { ApiError, type ListOptions, type WatchOptions } from "@plimsoll/kube";
import { once } from "node:events";
import type { Shelf } from "./shelf.ts";
import type { Given } from "./under-way.ts";

/** Has the shape of a gated client. It gives what is on its shelves, where nothing changes, and counts what it is asked for. */
export class FakeApi {
  readonly #shelves: Readonly<Record<string, Shelf>>;
  readonly requests = { list: 0, get: 0, create: 0, patch: 0, delete: 0 };
  #lastAt = 0;

  constructor(shelves: Readonly<Record<string, Shelf>>) {
    this.#shelves = shelves;
  }

  /** When it was asked for something last, by `performance.now()`. */
  get lastAt(): number {
    return this.#lastAt;
  }

  readonly client = (resource: string) => {
    const shelf = this.#shelves[resource];
    const written = async (kind: "create" | "patch" | "delete", answer: unknown): Promise<unknown> => {
      this.#count(kind);
      await soon();
      return answer;
    };
    return {
      pages: (options?: ListOptions) => this.#pages(shelf, options),
      list: (options?: ListOptions) => this.#list(shelf, options),
      watch: (options: WatchOptions) => this.#watch(options),
      get: ({ name }: { name: string }) => this.#get(resource, shelf, name),
      create: (object: object) => written("create", object),
      patch: () => written("patch", {}),
      delete: () => written("delete", undefined),
    };
  };

  async *#pages(shelf: Shelf | undefined, { limit = 500, labelSelector = "" }: ListOptions = {}) {
    // Of what was asked for, only whether it is there is known.
    if (labelSelector.includes("=")) throw new Error(`the fake API can't select ${labelSelector}`);
    const size = shelf?.size ?? 0;
    for (let first = 0; first === 0 || first < size; first += limit || size || 1) {
      this.#count("list");
      yield { items: (await shelf?.read(first, first + (limit || size))) ?? [], resourceVersion: "1" };
    }
  }

  async *#list(shelf: Shelf | undefined, options?: ListOptions): AsyncGenerator<Given> {
    for await (const { items } of this.#pages(shelf, options)) yield* items;
  }

  async *#watch({ resourceVersion, signal, onOpen }: WatchOptions): AsyncGenerator<never> {
    // It lists, as an older server does.
    if (resourceVersion === undefined) throw new ApiError("watch", 422, { reason: "Invalid" });
    await soon();
    onOpen?.();
    if (signal && !signal.aborted) await once(signal, "abort");
    yield* [];
  }

  async #get(resource: string, shelf: Shelf | undefined, name: string): Promise<Given> {
    this.#count("get");
    const index = shelf?.indexOf(name);
    const [object] = index === undefined ? [] : ((await shelf?.read(index, index + 1)) ?? []);
    if (object === undefined) throw new Error(`the fake API has no ${resource} "${name}"`);
    return object;
  }

  #count(kind: keyof FakeApi["requests"]): void {
    this.requests[kind] += 1;
    this.#lastAt = performance.now();
  }
}

/** An answer never comes in the same turn of the event loop. */
function soon(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
