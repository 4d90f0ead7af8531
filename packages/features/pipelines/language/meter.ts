/**
 * What the expressions of one step may take, all together: items that the macros (`map`, `exists`, …) go through, characters that are read or made,
 * and characters of what is rendered for it. Each is about a second's work, so that none can hold the program up or fill its memory.
 */
const limits = { items: 500_000, characters: 2 ** 26, rendered: 2 ** 26 };
const messages: Readonly<Record<keyof typeof limits, (limit: number) => string>> = {
  items: (limit) => `the step's expressions go through more than ${limit} items: do this in a step`,
  characters: (limit) => `the step's expressions go through more than ${limit} characters: do this in a step`,
  rendered: (limit) => `what is rendered for the step's pods is longer than ${limit} characters: shorten it, or have fewer items`,
};

/** Counts what the evaluations of one step take: the same is handed to each of them. */
export class Meter {
  readonly #spent = { items: 0, characters: 0, rendered: 0 };
  readonly #part: number;

  /** `part`: of what a step may take. */
  constructor(part = 1) {
    this.#part = part;
  }

  /** Throws an Error when more has been taken than may be. */
  spend(what: keyof typeof limits, amount: number): void {
    this.#spent[what] += amount;
    const limit = Math.floor(limits[what] * this.#part);
    if (this.#spent[what] > limit) throw new Error(messages[what](limit));
  }

  /** What has been spent, as a share of what one step may take; more than 1 where it was refused more. */
  get share(): number {
    const { items, characters, rendered } = this.#spent;
    return Math.max(items / limits.items, characters / limits.characters, rendered / limits.rendered);
  }
}
