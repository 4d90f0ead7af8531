import type { Clock } from "@plimsoll/kube";

interface Tried {
  times: number;
  last: number;
}

/** How long to leave something alone that was tried before: longer each time, until it was left alone for twice the longest. Milliseconds. */
export class Pauses {
  readonly #clock: Clock;
  readonly #first: number;
  readonly #longest: number;
  readonly #tried = new Map<string, Tried>();

  constructor(clock: Clock, { first, longest }: { first: number; longest: number }) {
    this.#clock = clock;
    this.#first = first;
    this.#longest = longest;
  }

  /** How long it has still to be left alone: nothing at first. */
  left(key: string): number {
    const tried = this.#tried.get(key);
    return tried === undefined ? 0 : Math.max(0, tried.last + this.#pause(tried) - this.#clock.monotonic());
  }

  /** It is tried now. Gives how long to leave it alone. */
  begin(key: string): number {
    const now = this.#clock.monotonic();
    const before = this.#tried.get(key);
    const isFresh = before === undefined || now - before.last > 2 * this.#longest;
    const tried = { times: isFresh ? 1 : before.times + 1, last: now };
    this.#tried.set(key, tried);
    return this.#pause(tried);
  }

  forget(key: string): void {
    this.#tried.delete(key);
  }

  #pause({ times }: Tried): number {
    return Math.min(this.#longest, this.#first * 2 ** (times - 1));
  }
}
