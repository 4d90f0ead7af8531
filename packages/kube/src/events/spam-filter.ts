import { TokenBucket } from "../token-bucket.ts";
import { Lru } from "./lru.ts";

/** As client-go has it: 25 at once, then one each five minutes. */
const rate = { burst: 25, qps: 1 / 300 };

/** Objects whose rate is remembered. */
const most = 4_096;

/** How many new events there may be of one object. It has no clock: it is told the time, in milliseconds. */
export class SpamFilter {
  readonly #buckets = new Lru<string, TokenBucket>(most, () => new TokenBucket(rate));

  /** Whether one more event of the object may be told, which then counts. */
  admits(object: string, now: number): boolean {
    return this.#buckets.get(object).take(now);
  }
}
