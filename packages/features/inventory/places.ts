/** What stands for all names that have no series of their own. */
export const others = "(other)";

/** Gives names series of their own, up to a limit. A name keeps its own while there is something of it, so that series don't flicker. */
export class Places {
  readonly #limit: number;
  readonly #held = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The label of each name that there is now. */
  labels(names: Iterable<string>): Map<string, string> {
    const now = new Set(names);
    for (const name of this.#held) if (!now.has(name)) this.#held.delete(name);
    const found = new Map<string, string>();
    for (const name of now) {
      if (this.#held.size < this.#limit) this.#held.add(name);
      found.set(name, this.#held.has(name) ? name : others);
    }
    return found;
  }
}
