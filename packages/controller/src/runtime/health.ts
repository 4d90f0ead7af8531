import type { Host } from "./host.ts";

/** Milliseconds. Longer than the API server may ask to be left alone, with a queue whose every worker waits for that. */
const longestStall = 600_000;

/** The API server is heard at least every half minute, by the candidates for the lease. */
const longestSilence = 60_000;

/** Whether the program lives, and whether it can work. */
export class Health {
  readonly #host: Pick<Host, "stalled" | "synced">;
  readonly #lastContact: () => number;
  #isSynced = false;

  /** `lastContact`: the milliseconds since the API server has last answered with our credentials. */
  constructor(host: Pick<Host, "stalled" | "synced">, lastContact: () => number = () => 0) {
    this.#host = host;
    this.#lastContact = lastContact;
  }

  /** What a restart may mend. */
  live(): string[] {
    return this.#host.stalled(longestStall).map((queue) => `the queue ${queue} has not gone on for ten minutes`);
  }

  /** What keeps it from working. */
  ready(): string[] {
    const silence = this.#lastContact();
    return [
      ...(this.#isSynced ? [] : ["the caches are being filled"]),
      ...(silence > longestSilence ? [`the API server has not answered with our credentials for ${Math.round(silence / 1000)} s`] : []),
      ...this.live(),
    ];
  }

  /** Says that the caches have been filled. */
  synced(): void {
    this.#isSynced = true;
  }
}
