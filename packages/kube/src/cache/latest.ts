/** What tells one object, and its states, apart. */
export interface Version {
  uid: string;
  resourceVersion: string;
}

interface Versioned {
  metadata: { uid?: string | undefined; resourceVersion?: string | undefined };
}

/** The version of an object as the API server has it. */
export function versionOf({ metadata: { uid = "", resourceVersion = "" } }: Versioned): Version {
  return { uid, resourceVersion };
}

/**
 * Objects as they were last read or written here, where the watch is behind that. What it shows of one may be older than what the last leader
 * wrote: it is known for sure when it was read or written here, or is newer than the moment from which this process leads.
 */
export class Latest<T> {
  readonly #versionOf: (object: T) => Version;
  readonly #since: number;
  readonly #known = new Map<string, T>();

  /** `since`: the API server's resourceVersion when this process had begun to lead; without it, nothing is known by that. */
  constructor(versionOf: (object: T) => Version, since = Infinity) {
    this.#versionOf = versionOf;
    this.#since = since;
  }

  /** The newer one of what the watch shows and what was read or written. */
  of(seen: T): T {
    const { uid, resourceVersion } = this.#versionOf(seen);
    const known = this.#known.get(uid);
    return known !== undefined && Number(this.#versionOf(known).resourceVersion) > Number(resourceVersion) ? known : seen;
  }

  isSure(object: T): boolean {
    const { uid, resourceVersion } = this.#versionOf(object);
    return this.#known.has(uid) || Number(resourceVersion) > this.#since;
  }

  set(object: T): void {
    this.#known.set(this.#versionOf(object).uid, object);
  }

  forget(uid: string): void {
    this.#known.delete(uid);
  }
}
