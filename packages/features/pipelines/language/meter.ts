/**
 * What the expressions of one step may take, all together: items that the macros (`map`, `exists`, …) go through, characters that are read or made,
 * and characters of what is rendered for its pods. Each is about a second's work, so that none can hold the program up or fill its memory.
 */
const most = { items: 500_000, characters: 2 ** 26, rendered: 2 ** 26 };
const messages = {
  items: `the step's expressions go through more than ${most.items} items: do this in a step`,
  characters: `the step's expressions go through more than ${most.characters} characters: do this in a step`,
  rendered: `what is rendered for the step's pods is longer than ${most.rendered} characters: shorten it, or have fewer items`,
};

/** Counts what the evaluations take that it is handed to. */
export class Meter {
  readonly #spent = { items: 0, characters: 0, rendered: 0 };

  /** Throws an Error when it is more than a step may take. */
  spend(what: keyof typeof most, amount: number): void {
    this.#spent[what] += amount;
    if (this.#spent[what] > most[what]) throw new Error(messages[what]);
  }

  /** What has been spent, as a share of what one step may take. */
  get share(): number {
    const { items, characters, rendered } = this.#spent;
    return Math.max(items / most.items, characters / most.characters, rendered / most.rendered);
  }

  /** Has what CEL's functions take in `evaluate` charged to this meter: they are given their arguments, and nothing else. */
  charge<T>(evaluate: () => T): T {
    return charging(this, evaluate);
  }
}

/** The meter of the evaluation that is going on; none between them. */
let charged: Meter | undefined;

function charging<T>(meter: Meter, evaluate: () => T): T {
  const before = charged;
  charged = meter;
  try {
    return evaluate();
  } finally {
    charged = before;
  }
}

/** Charges the evaluation that is going on. Throws as `Meter.spend`. */
export function spend(what: keyof typeof most, amount: number): void {
  charged?.spend(what, amount);
}
