import { TokenBucket } from "../flowcontrol/token-bucket.ts";
import { Lru } from "./lru.ts";

/** As client-go has it: 25 at once, then one each five minutes. */
const rate = { burst: 25, qps: 1 / 300 };

/** Of these, those of an object's parts: what there is to tell of the whole, as its end, has room beside them. */
const partRate = { ...rate, burst: 15 };

/** Objects whose rate is remembered. */
const most = 4_096;

/** How many new events there may be of one object. It has no clock: it is told the time, in milliseconds. */
export class SpamFilter {
  readonly #buckets = new Lru<string, TokenBucket>(most, () => new TokenBucket(rate));
  readonly #parts = new Lru<string, TokenBucket>(most, () => new TokenBucket(partRate));

  /** Whether one more event of the object, or of a part of it, may be told, which then counts. */
  admits(object: string, isPart: boolean, now: number): boolean {
    return (!isPart || this.#parts.get(object).take(now)) && this.#buckets.get(object).take(now);
  }
}
