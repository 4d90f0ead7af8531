import { systemClock } from "./clock.ts";
import { Slice } from "./slice.ts";

/**
 * Lets work that holds the processor go on piece by piece, with turns of the event loop in between, however many wait for it: what many
 * answers set off at the same moment would else be done in one go, and no probe be answered, nor a lease renewed, until then.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isServing = false;

  /** Resolves when a piece may begin; it is what the caller does until it waits for something else. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#isServing) void this.#serve();
    });
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    const slice = new Slice(systemClock);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      next();
      // The piece is done before this goes on, as it was promised first.
      await Promise.resolve();
      if (slice.isOver) await slice.turn();
    }
    this.#isServing = false;
  }
}
