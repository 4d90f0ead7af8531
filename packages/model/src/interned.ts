import { hash } from "node:crypto";

/**
 * One object for all that say the same, so that what thousands of pods have in common is kept once. It is forgotten when nobody holds it
 * any more.
 */
export class Interned<T extends object> {
  readonly #known = new Map<string, WeakRef<T>>();
  readonly #gone = new FinalizationRegistry<string>((key) => {
    if (this.#known.get(key)?.deref() === undefined) this.#known.delete(key);
  });

  /** The object that says the same as this one; it must not be changed. One that is new is kept as `made` makes it. */
  of<O extends T>(object: O, made: (object: O) => O = (object) => object): O {
    const key = keyOf(object);
    const known = this.#known.get(key)?.deref();
    // What says the same is of the same type.
    if (known !== undefined) return known as O;
    const kept = made(object);
    this.#known.set(key, new WeakRef<T>(kept));
    this.#gone.register(kept, key);
    return kept;
  }

  get size(): number {
    return this.#known.size;
  }
}

/** What an object says, or of a long one a digest: the keys would take as much memory as the objects. */
function keyOf(object: object): string {
  const text = JSON.stringify(object);
  return text.length <= 64 ? text : hash("sha256", text, "base64url");
}
