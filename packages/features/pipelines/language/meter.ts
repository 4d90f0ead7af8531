/**
 * What the expressions of one step may take, all together: items that the macros (`map`, `exists`, …) go through, characters that are read or made,
 * and characters of what is rendered for it. Each is about a second's work, so that none can hold the program up or fill its memory.
 */
const limits = { items: 500_000, characters: 2 ** 26, rendered: 2 ** 26 };
const messages = {
  items: `the step's expressions go through more than ${limits.items} items: do this in a step`,
  characters: `the step's expressions go through more than ${limits.characters} characters: do this in a step`,
  rendered: `what is rendered for the step's pods is longer than ${limits.rendered} characters: shorten it, or have fewer items`,
};

/** Counts what the evaluations of one step take: the same is handed to each of them. */
export class Meter {
  readonly #spent = { items: 0, characters: 0, rendered: 0 };

  /** Throws an Error when a step has taken more than it may. */
  spend(what: keyof typeof limits, amount: number): void {
    this.#spent[what] += amount;
    if (this.#spent[what] > limits[what]) throw new Error(messages[what]);
  }

  /** What has been spent, as a share of what one step may take; more than 1 where it was refused more. */
  get share(): number {
    const { items, characters, rendered } = this.#spent;
    return Math.max(items / limits.items, characters / limits.characters, rendered / limits.rendered);
  }
}
