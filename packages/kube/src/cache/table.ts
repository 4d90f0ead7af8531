/** One object of a cache. A new version replaces what is in it, not the entry itself. */
export interface Entry<P> {
  readonly key: string;
  /** Grows from one entry to the next, in which order `entries` gives them. */
  readonly order: number;
  uid: string;
  resourceVersion: string;
  object: P;
  /** The list in which the object was last seen, or after which it came: what `mark` gave. */
  round: number;
}

/** Objects by key and by index, and which of them the list under way has shown. Every operation costs the same at any size. */
export class Table<P, I extends string> {
  readonly #entries = new Map<string, Entry<P>>();
  readonly #indexes: Index<P>[];
  readonly #byName = new Map<string, Index<P>>();
  #round = 0;
  #order = 0;

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

  /** The `order` of the newest entry so far. */
  get lastOrder(): number {
    return this.#order;
  }

  /** The oldest first, those too that come meanwhile. */
  entries(): Iterable<Entry<P>> {
    return this.#entries.values();
  }

  *values(): Generator<P, void> {
    for (const { object } of this.#entries.values()) yield object;
  }

  by(index: I, value: string): P[] {
    const found = this.#byName.get(index);
    if (!found) throw new TypeError(`no index "${index}": there is ${[...this.#byName.keys()].join(", ") || "none"}`);
    return found.find(value);
  }

  set(key: string, entry: Entry<P> | undefined, content: Omit<Entry<P>, "key" | "order">): void {
    const moves = this.#movesOf(entry, content);
    const kept = Object.assign(entry ?? { key, order: ++this.#order }, content);
    this.#entries.set(key, kept);
    for (const { index, before, after } of moves) index.move(kept, before, after);
  }

  delete(entry: Entry<P>): void {
    const moves = this.#movesOf(entry, undefined);
    this.#entries.delete(entry.key);
    for (const { index, before } of moves) index.move(entry, before, []);
  }

  /** What changes in each index. All is asked for before anything is touched: should it throw, the table is as it was. */
  #movesOf(old: { object: P } | undefined, now: { object: P } | undefined) {
    return this.#indexes.map((index) => ({
      index,
      before: old ? index.valuesOf(old.object) : [],
      after: now ? index.valuesOf(now.object) : [],
    }));
  }

  /** Begins a list, and gives the number by which what it shows is known. */
  mark(): number {
    return ++this.#round;
  }

  /** The entries whose key begins so that a list has not shown. */
  unmarked(round: number, prefix: string): Entry<P>[] {
    return [...this.#entries.values()].filter((entry) => entry.round !== round && entry.key.startsWith(prefix));
  }
}

class Index<P> {
  readonly valuesOf: (object: P) => readonly string[];
  readonly #entries = new Map<string, Set<Entry<P>>>();

  constructor(valuesOf: (object: P) => readonly string[]) {
    this.valuesOf = valuesOf;
  }

  find(value: string): P[] {
    return Array.from(this.#entries.get(value) ?? [], ({ object }) => object);
  }

  move(entry: Entry<P>, before: readonly string[], after: readonly string[]): void {
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
