/** How often it is tried again; milliseconds. */
const pause = 30_000;

interface Queue {
  add(key: string): void;
  addAfter(key: string, milliseconds: number): void;
}

/** What waits while the API server doesn't know the kind VerticalPodAutoscaler: one target alone tries now and then, for all. */
export class Absence {
  readonly #queue: Queue;
  readonly #waiting = new Set<string>();
  #trying: string | undefined;

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  /** Whether the kind isn't known, as far as was seen. */
  get lasts(): boolean {
    return this.#trying !== undefined;
  }

  /** Whether a target has to wait for another that tries. */
  keeps(key: string): boolean {
    if (this.#trying === undefined || this.#trying === key) return false;
    this.#waiting.add(key);
    return true;
  }

  /** The kind wasn't known to a target that tried. */
  noticed(key: string): void {
    this.#trying ??= key;
    this.#waiting.add(key);
    if (this.#trying === key) this.#queue.addAfter(key, pause);
  }

  /** A target has nothing to try any more: another does in its place. */
  gaveUp(key: string): void {
    this.#waiting.delete(key);
    if (this.#trying !== key) return;
    [this.#trying] = this.#waiting;
    if (this.#trying !== undefined) this.#queue.add(this.#trying);
  }

  /** The kind is known: all go on. */
  end(): void {
    this.#trying = undefined;
    for (const key of this.#waiting) this.#queue.add(key);
    this.#waiting.clear();
  }
}
