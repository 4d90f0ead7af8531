interface Deadline<K> {
  readonly key: K;
  at: number;
  /** Of those for the same time, the one that was set first comes first. */
  order: number;
  /** Where it stands in the heap. */
  place: number;
}

/** Keys with a time each, the earliest first: a binary heap in which each key is found, so that it can be moved or taken out. */
export class Deadlines<K extends string | object> {
  readonly #heap: Deadline<K>[] = [];
  readonly #byKey = new Map<K, Deadline<K>>();
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest time; Infinity where there is none. */
  get next(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  get(key: K): number | undefined {
    return this.#byKey.get(key)?.at;
  }

  /** In place of the time that the key had. */
  set(key: K, at: number): void {
    this.delete(key);
    const deadline = { key, at, order: this.#order++, place: this.#heap.length };
    this.#byKey.set(key, deadline);
    this.#heap.push(deadline);
    this.#rise(deadline);
  }

  delete(key: K): boolean {
    const deadline = this.#byKey.get(key);
    if (deadline === undefined) return false;
    this.#byKey.delete(key);
    const last = this.#heap.pop();
    if (last !== undefined && last !== deadline) {
      this.#put(last, deadline.place);
      this.#rise(last);
      this.#sink(last);
    }
    return true;
  }

  /** Takes out the earliest if it is due by `now`. */
  take(now: number): K | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    this.delete(first.key);
    return first.key;
  }

  clear(): void {
    this.#heap.length = 0;
    this.#byKey.clear();
  }

  #rise(deadline: Deadline<K>): void {
    for (;;) {
      const parent = this.#heap[(deadline.place - 1) >> 1];
      if (parent === undefined || !isBefore(deadline, parent)) return;
      this.#swap(parent, deadline);
    }
  }

  #sink(deadline: Deadline<K>): void {
    for (;;) {
      const left = this.#heap[2 * deadline.place + 1];
      const right = this.#heap[2 * deadline.place + 2];
      const child = left && right && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, deadline)) return;
      this.#swap(deadline, child);
    }
  }

  #swap(above: Deadline<K>, below: Deadline<K>): void {
    const { place } = above;
    this.#put(above, below.place);
    this.#put(below, place);
  }

  #put(deadline: Deadline<K>, place: number): void {
    deadline.place = place;
    this.#heap[place] = deadline;
  }
}

function isBefore<K>(a: Deadline<K>, b: Deadline<K>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
