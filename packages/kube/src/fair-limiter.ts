import { Alarm } from "./alarm.ts";
import { systemClock, type Clock } from "./clock.ts";

interface Waiter {
  resolve: () => void;
  reject: (reason: unknown) => void;
  signal: AbortSignal | undefined;
  onAbort: () => void;
}

/**
 * A token bucket whose waiters are served in turn among keys, and in order within a key: so one key that wants very much doesn't starve others.
 */
export class FairLimiter {
  readonly #qps: number;
  readonly #burst: number;
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  /** Who waits, by key; the first key is the next to be served. */
  readonly #waiting = new Map<string, Waiter[]>();
  #tokens: number;
  #filledAt: number;
  #pausedUntil = 0;

  /** `qps` is how many may pass a second over time, `burst` how many at once. Throws a RangeError unless both are positive. */
  constructor({ qps, burst, clock = systemClock }: { qps: number; burst: number; clock?: Clock }) {
    if (!(qps > 0 && burst >= 1)) throw new RangeError(`a limiter of ${qps} a second and ${burst} at once lets nothing pass`);
    this.#qps = qps;
    this.#burst = burst;
    this.#clock = clock;
    this.#tokens = burst;
    this.#filledAt = clock.now();
    this.#alarm = new Alarm(clock, () => this.#serve());
  }

  /** Waits for a turn. Rejects with the signal's reason when it aborts. */
  acquire(key: string, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const onAbort = (): void => {
        this.#leave(key, waiter);
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = { resolve, reject, signal, onAbort };
      signal?.addEventListener("abort", onAbort, { once: true });
      const queue = this.#waiting.get(key);
      if (queue === undefined) this.#waiting.set(key, [waiter]);
      else queue.push(waiter);
      this.#serve();
    });
  }

  /** Lets nobody pass for so many seconds: the API server has asked for it. */
  pause(seconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + seconds * 1000);
  }

  #serve(): void {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#qps);
    this.#filledAt = now;
    if (now < this.#pausedUntil) return this.#alarm.set(this.#pausedUntil);
    // A token that is there but for a rounding is there.
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (this.#tokens < 1 - 1e-9) return this.#alarm.set(now + Math.ceil(((1 - this.#tokens) / this.#qps) * 1000));
      this.#tokens -= 1;
      const [key, waiter] = next;
      this.#leave(key, waiter);
      // Behind all others that wait.
      const queue = this.#waiting.get(key);
      if (queue !== undefined && this.#waiting.delete(key)) this.#waiting.set(key, queue);
      waiter.resolve();
    }
  }

  #next(): [string, Waiter] | undefined {
    const [first] = this.#waiting;
    const waiter = first?.[1][0];
    return first === undefined || waiter === undefined ? undefined : [first[0], waiter];
  }

  #leave(key: string, waiter: Waiter): void {
    waiter.signal?.removeEventListener("abort", waiter.onAbort);
    const queue = this.#waiting.get(key);
    const place = queue?.indexOf(waiter) ?? -1;
    if (queue === undefined || place < 0) return;
    queue.splice(place, 1);
    if (queue.length === 0) this.#waiting.delete(key);
  }
}
