import type { Stored } from "@plimsoll/kube";

interface Versioned {
  uid: string;
  resourceVersion: string;
}

/**
 * Objects as they were last written or read here, where the watch is behind that. What it shows may be older than what the last leader wrote:
 * it is sure of what is newer than the moment from which this process leads, and of what was read or written here.
 */
export class Latest<T extends Versioned> {
  readonly #known = new Map<string, T>();
  readonly #since: number;

  /** `since`: the API server's resourceVersion when this process had begun to lead. */
  constructor(since: string) {
    this.#since = Number(since);
  }

  of(seen: T): T {
    const known = this.#known.get(seen.uid);
    return known !== undefined && Number(known.resourceVersion) > Number(seen.resourceVersion) ? known : seen;
  }

  isSure({ uid, resourceVersion }: T): boolean {
    return this.#known.has(uid) || Number(resourceVersion) > this.#since;
  }

  set(object: T): void {
    this.#known.set(object.uid, object);
  }

  forget(uid: string): void {
    this.#known.delete(uid);
  }
}

/** The resourceVersion of now. */
export async function currentVersion(pages: AsyncIterable<{ resourceVersion: string; items: Stored<object>[] }>): Promise<string> {
  for await (const { resourceVersion } of pages) return resourceVersion;
  throw new Error("the API server gave no page");
}
