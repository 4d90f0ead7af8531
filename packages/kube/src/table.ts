/** One object of a cache. A new version replaces what is in it, not the entry itself. */
export interface Entry<P> {
  readonly key: string;
  uid: string;
  resourceVersion: string;
  object: P;
  /** The list in which the object was last seen, or after which it came. */
  round: number;
}

/** Objects by key and by index, and which of them the list under way has shown. Every operation costs the same at any size. */
export class Table<P, I extends string> {
  readonly #entries = new Map<string, Entry<P>>();
  readonly #indexes: Index<P>[];
  readonly #byName = new Map<string, Index<P>>();
  #round = 0;

  constructor(indexes?: Record<I, (object: P) => readonly string[]>) {
    for (const [name, valuesOf] of Object.entries<(object: P) => readonly string[]>(indexes ?? {})) {
      this.#byName.set(name, new Index(valuesOf));
    }
    this.#indexes = [...this.#byName.values()];
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Entry<P> | undefined {
    return this.#entries.get(key);
  }

  *values(): Generator<P, void> {
    for (const { object } of this.#entries.values()) yield object;
  }

  by(index: I, value: string): P[] {
    const found = this.#byName.get(index);
    if (!found) throw new TypeError(`no index "${index}": there is ${[...this.#byName.keys()].join(", ") || "none"}`);
    return found.find(value);
  }

  set(key: string, entry: Entry<P> | undefined, content: Pick<Entry<P>, "uid" | "resourceVersion" | "object">): void {
    if (entry) {
      for (const index of this.#indexes) index.move(entry, content.object);
      Object.assign(entry, content);
      this.keep(entry);
    } else {
      const added = { key, ...content, round: this.#round };
      this.#entries.set(key, added);
      for (const index of this.#indexes) index.add(added);
    }
  }

  delete(entry: Entry<P>): void {
    this.#entries.delete(entry.key);
    for (const index of this.#indexes) index.delete(entry);
  }

  /** From now on, `unmarked` gives what was neither set nor kept since. */
  mark(): void {
    this.#round += 1;
  }

  keep(entry: Entry<P>): void {
    entry.round = this.#round;
  }

  unmarked(): Entry<P>[] {
    return [...this.#entries.values()].filter(({ round }) => round !== this.#round);
  }
}

class Index<P> {
  readonly #valuesOf: (object: P) => readonly string[];
  readonly #entries = new Map<string, Set<Entry<P>>>();

  constructor(valuesOf: (object: P) => readonly string[]) {
    this.#valuesOf = valuesOf;
  }

  find(value: string): P[] {
    return Array.from(this.#entries.get(value) ?? [], ({ object }) => object);
  }

  add(entry: Entry<P>): void {
    for (const value of this.#valuesOf(entry.object)) this.#put(value, entry);
  }

  delete(entry: Entry<P>): void {
    for (const value of this.#valuesOf(entry.object)) this.#take(value, entry);
  }

  /** `entry` still holds the old object. */
  move(entry: Entry<P>, object: P): void {
    const before = this.#valuesOf(entry.object);
    const after = this.#valuesOf(object);
    for (const value of before) if (!after.includes(value)) this.#take(value, entry);
    for (const value of after) if (!before.includes(value)) this.#put(value, entry);
  }

  #put(value: string, entry: Entry<P>): void {
    const entries = this.#entries.get(value);
    if (entries) entries.add(entry);
    else this.#entries.set(value, new Set([entry]));
  }

  #take(value: string, entry: Entry<P>): void {
    const entries = this.#entries.get(value);
    entries?.delete(entry);
    if (entries?.size === 0) this.#entries.delete(value);
  }
}
