import { Fifo } from "../workqueue/fifo.ts";

/** Items in lines, one a key: the lines take turns, and within a line the first come is the first served. A line that is empty is gone. */
export class FairQueue<T extends object> {
  readonly #lines = new Map<string, Fifo<T>>();
  readonly #turns = new Fifo<string>();

  /** How many keys have items. */
  get keys(): number {
    return this.#lines.size;
  }

  add(key: string, item: T): void {
    const line = this.#lines.get(key) ?? new Fifo<T>();
    line.add(item);
    this.#lines.set(key, line);
    this.#turns.add(key);
  }

  delete(key: string, item: T): void {
    const line = this.#lines.get(key);
    line?.delete(item);
    if (line?.size === 0) this.#close(key);
  }

  /** Takes out the first of the line whose turn it is. */
  shift(): T | undefined {
    const key = this.#turns.shift();
    if (key === undefined) return undefined;
    const line = this.#lines.get(key);
    const item = line?.shift();
    if (line?.size === 0) this.#close(key);
    else this.#turns.add(key);
    return item;
  }

  #close(key: string): void {
    this.#lines.delete(key);
    this.#turns.delete(key);
  }
}
