/** Keys with a time each, of which the earliest is found soon however many there are: a binary heap that knows where each key stands. */
export class Schedule {
  readonly #heap: { key: string; at: number }[] = [];
  readonly #places = new Map<string, number>();

  get size(): number {
    return this.#heap.length;
  }

  at(key: string): number | undefined {
    return this.#heap[this.#places.get(key) ?? -1]?.at;
  }

  /** The earliest time; Infinity where there is none. */
  get next(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  /** Sets a key's time, in place of the one that it had. */
  set(key: string, at: number): void {
    const place = this.#places.get(key) ?? this.#heap.length;
    this.#put(place, { key, at });
    this.#sift(place);
  }

  delete(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    const last = this.#heap.pop();
    if (last === undefined || last.key === key) return;
    this.#put(place, last);
    this.#sift(place);
  }

  /** Takes out the keys whose time has come, the earliest first. */
  *due(now: number): Generator<string> {
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      this.delete(first.key);
      yield first.key;
    }
  }

  clear(): void {
    this.#heap.length = 0;
    this.#places.clear();
  }

  #put(place: number, entry: { key: string; at: number }): void {
    this.#heap[place] = entry;
    this.#places.set(entry.key, place);
  }

  /** Moves an entry up, or down, to where it belongs. */
  #sift(start: number): void {
    let place = start;
    const entry = this.#heap[place];
    if (entry === undefined) return;
    for (let parent = (place - 1) >> 1; place > 0; parent = (place - 1) >> 1) {
      const above = this.#heap[parent];
      if (above === undefined || above.at <= entry.at) break;
      this.#put(place, above);
      place = parent;
    }
    for (let child = 2 * place + 1; child < this.#heap.length; child = 2 * place + 1) {
      if ((this.#heap[child + 1]?.at ?? Infinity) < (this.#heap[child]?.at ?? Infinity)) child += 1;
      const below = this.#heap[child];
      if (below === undefined || below.at >= entry.at) break;
      this.#put(place, below);
      place = child;
    }
    this.#put(place, entry);
  }
}
