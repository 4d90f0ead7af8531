import type { Stored } from "../client/resource.ts";

interface Versioned {
  metadata: { uid?: string | undefined; resourceVersion?: string | undefined; generation?: number | undefined };
}

/**
 * Objects as they were last read or written here, where the watch is behind that. What it shows of one may be older than what the last leader
 * wrote: until an object was read or written here, it isn't known for sure.
 */
export class Latest<T extends Versioned> {
  readonly #known = new Map<string, Stored<T>>();

  /** The newer one of what the watch shows and what was read or written. */
  of(seen: T): T {
    const known = this.#known.get(seen.metadata.uid ?? "");
    return known !== undefined && Number(known.metadata.resourceVersion) > Number(seen.metadata.resourceVersion) ? known : seen;
  }

  isSure(uid: string): boolean {
    return this.#known.has(uid);
  }

  set(object: Stored<T>): void {
    this.#known.set(object.metadata.uid, object);
  }

  forget(uid: string): void {
    this.#known.delete(uid);
  }
}
