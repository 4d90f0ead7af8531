/** Values by key, made when they are first asked for. There are at most `most`: a further one takes the place of the one that was not asked for the longest. */
export class Lru<K, V> {
  readonly #most: number;
  readonly #make: () => V;
  readonly #values = new Map<K, V>();

  constructor(most: number, make: () => V) {
    this.#most = most;
    this.#make = make;
  }

  get(key: K): V {
    const value = this.#values.get(key) ?? this.#make();
    this.#values.delete(key);
    const [oldest] = this.#values.keys();
    if (oldest !== undefined && this.#values.size >= this.#most) this.#values.delete(oldest);
    this.#values.set(key, value);
    return value;
  }
}
