/**
 * One object for all that say the same, so that what thousands of pods have in common is kept once. It is forgotten when nobody holds it
 * any more.
 */
export class Interned<T extends object> {
  readonly #known = new Map<string, WeakRef<T>>();
  readonly #gone = new FinalizationRegistry<string>((key) => {
    if (this.#known.get(key)?.deref() === undefined) this.#known.delete(key);
  });

  /** The object that says the same as this one; it must not be changed. */
  of(object: T): T {
    const key = JSON.stringify(object);
    const known = this.#known.get(key)?.deref();
    if (known !== undefined) return known;
    this.#known.set(key, new WeakRef(object));
    this.#gone.register(object, key);
    return object;
  }

  get size(): number {
    return this.#known.size;
  }
}
