/**
 * Lets work that holds the processor go on piece by piece, with turns of the event loop in between, however many wait for it: what many
 * answers set off at the same moment would else be done in one go, and no probe be answered, nor a lease renewed, until then.
 */
export class Turns {
  readonly #slice: number;
  readonly #waiting: (() => void)[] = [];
  #isServing = false;

  /** `slice`: for so many milliseconds pieces follow each other without a turn. */
  constructor(slice = 8) {
    this.#slice = slice;
  }

  /** Resolves when a piece may begin; it is what the caller does until it waits for something else. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#isServing) void this.#serve();
    });
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    let began = performance.now();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      next();
      // The piece is done before this goes on, as it was promised first.
      await Promise.resolve();
      if (performance.now() - began < this.#slice) continue;
      await new Promise((resolve) => setImmediate(resolve));
      began = performance.now();
    }
    this.#isServing = false;
  }
}
