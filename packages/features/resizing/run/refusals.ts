import type { Clock } from "@plimsoll/kube";

/** How long what the API server has refused isn't tried again, in milliseconds. */
const pause = 10 * 60_000;

/** Why the API server has refused something, and until when that counts. Milliseconds since 1970. */
export interface Refusal {
  until: number;
  message: string;
}

/** What the API server has refused to change of late, by UID. */
export class Refusals {
  readonly #clock: Pick<Clock, "now">;
  /** The earliest first. */
  readonly #byUid = new Map<string, Refusal>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#byUid.size;
  }

  of(uids: readonly string[]): Map<string, Refusal> {
    this.#prune();
    return new Map(
      uids.flatMap((uid) => {
        const refusal = this.#byUid.get(uid);
        return refusal === undefined ? [] : [[uid, refusal]];
      }),
    );
  }

  set(uid: string, message: string): void {
    this.#byUid.delete(uid);
    this.#byUid.set(uid, { until: this.#clock.now() + pause, message });
  }

  /** It is gone, or another than it was refused for. */
  forget(uid: string): void {
    this.#byUid.delete(uid);
  }

  /** What is gone unseen is forgotten with the time. */
  #prune(): void {
    const now = this.#clock.now();
    for (const [uid, { until }] of this.#byUid) {
      if (until > now) return;
      this.#byUid.delete(uid);
    }
  }
}
