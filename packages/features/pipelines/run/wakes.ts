/** When the steps of a run, and the run itself, are to be looked at again; milliseconds since 1970. */
export class Wakes {
  readonly #at = new Map<number, number>();
  #earliest = Infinity;
  /** Infinity for never. */
  run = Infinity;

  set(step: number, at: number): void {
    this.#at.set(step, at);
    this.#earliest = Math.min(this.#earliest, at);
  }

  delete(step: number): void {
    this.#at.delete(step);
  }

  /** The first of all; it may be that of a step that has been looked at since. */
  get next(): number {
    return Math.min(this.run, this.#earliest);
  }

  /** Takes out the steps whose time has come. */
  due(now: number): number[] {
    if (now < this.#earliest) return [];
    const due: number[] = [];
    this.#earliest = Infinity;
    for (const [step, at] of this.#at) {
      if (at <= now) due.push(step);
      else this.#earliest = Math.min(this.#earliest, at);
    }
    for (const step of due) this.#at.delete(step);
    return due;
  }
}
