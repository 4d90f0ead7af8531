import type { Host } from "./host.ts";

/** Milliseconds. Longer than the API server may ask to be left alone, with a queue whose every worker waits for that. */
const longestStall = 600_000;

/** Milliseconds. Each candidate for the Lease hears of it at least every half minute. */
const longestSilence = 60_000;

/** Whether the program lives, and whether it can work. */
export class Health {
  readonly #host: Pick<Host, "stalled">;
  readonly #lastContact: () => number;
  #isSynced = false;

  /** `lastContact`: the milliseconds since the API server last granted a request for the Lease, or told of a change of it. */
  constructor(host: Pick<Host, "stalled">, lastContact: () => number) {
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
      ...(silence > longestSilence ? [`the API server has granted no request for the Lease for ${Math.round(silence / 1000)} s`] : []),
      ...this.live(),
    ];
  }

  /** Says that the caches have been filled. */
  synced(): void {
    this.#isSynced = true;
  }
}
