import { blockedAgain, type Blocked } from "../decide/blocked.ts";

/** What the API server doesn't do for now, as for want of a right: each act is tried again by itself, later and later, and holds up no other. */
export class Refusals<T> {
  readonly #refused = new Map<string, Blocked & { act: T }>();
  readonly #keyOf: (act: T) => string;

  /** `keyOf`: two acts with the same key are one. */
  constructor(keyOf: (act: T) => string) {
    this.#keyOf = keyOf;
  }

  /** Those whose time has come; Infinity: all. They stay until it is told what has come of them. */
  due(now: number): T[] {
    return [...this.#refused.values()].filter(({ retryAt }) => retryAt <= now).map(({ act }) => act);
  }

  /** Takes in what has come of acts: `refused` are those among them that have to be tried again, with why. */
  settle(tried: readonly T[], refused: ReadonlyMap<T, string>, now: number): void {
    for (const act of tried) {
      const key = this.#keyOf(act);
      const message = refused.get(act);
      if (message === undefined) this.#refused.delete(key);
      else this.#refused.set(key, { act, ...blockedAgain(this.#refused.get(key), message, now) });
    }
  }

  get size(): number {
    return this.#refused.size;
  }

  /** Why the first of them was refused; undefined where there is none. */
  get message(): string | undefined {
    return this.#refused.values().next().value?.message;
  }

  /** When the next is to be tried, in milliseconds since 1970; Infinity for never. */
  get next(): number {
    return Math.min(...Iterator.from(this.#refused.values()).map(({ retryAt }) => retryAt));
  }
}
