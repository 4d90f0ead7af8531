/** Keeps values only as long as somebody else holds them, and their keys hardly longer. */
export class WeakCache<T extends object> {
  readonly #refs = new Map<string, WeakRef<T>>();
  readonly #collected = new FinalizationRegistry<{ key: string; ref: WeakRef<T> }>(({ key, ref }) => {
    // By now there may be another value for it.
    if (this.#refs.get(key) === ref) this.#refs.delete(key);
  });

  get(key: string): T | undefined {
    return this.#refs.get(key)?.deref();
  }

  set(key: string, value: T): void {
    const ref = new WeakRef(value);
    this.#refs.set(key, ref);
    this.#collected.register(value, { key, ref });
  }

  /** How many keys it holds. */
  get size(): number {
    return this.#refs.size;
  }
}
