interface Link<T> {
  readonly item: T;
  previous: Link<T> | undefined;
  next: Link<T> | undefined;
}

/**
 * A set from which the oldest is taken, at the same cost at any size. A Set alone would do it slowly: to find its first, it passes over all
 * that was deleted before.
 */
export class Fifo<T extends string | object> {
  readonly #links = new Map<T, Link<T>>();
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;

  get size(): number {
    return this.#links.size;
  }

  /** What is in it already keeps its place. */
  add(item: T): void {
    if (this.#links.has(item)) return;
    const link = { item, previous: this.#last, next: undefined };
    this.#links.set(item, link);
    if (this.#last) this.#last.next = link;
    else this.#first = link;
    this.#last = link;
  }

  delete(item: T): boolean {
    const link = this.#links.get(item);
    if (link === undefined) return false;
    this.#links.delete(item);
    if (link.previous) link.previous.next = link.next;
    else this.#first = link.next;
    if (link.next) link.next.previous = link.previous;
    else this.#last = link.previous;
    return true;
  }

  /** Takes out the oldest. */
  shift(): T | undefined {
    const item = this.#first?.item;
    if (item !== undefined) this.delete(item);
    return item;
  }

  clear(): void {
    this.#links.clear();
    this.#first = this.#last = undefined;
  }
}
