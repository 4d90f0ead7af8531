import { AbortListeners } from "../clock/abort-listeners.ts";
import { Alarm } from "../clock/alarm.ts";
import { systemClock, type Clock } from "../clock/clock.ts";
import { FairQueue } from "./fair-queue.ts";
import { TokenBucket, type Rate } from "./token-bucket.ts";

/** The rate that all keys share. */
export interface FairLimiterOptions extends Rate {
  clock?: Clock;
}

interface Waiter {
  key: string;
  signal: AbortSignal | undefined;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/** A rate limit that many keys share: those that wait take turns, however many of one key wait. Of an idle key nothing is kept. */
export class FairLimiter {
  readonly #clock: Clock;
  readonly #bucket: TokenBucket;
  readonly #waiters = new FairQueue<Waiter>();
  readonly #alarm: Alarm;
  readonly #aborts = new AbortListeners<Waiter>((waiter, reason) => this.#leave(waiter, reason));

  /** @throws RangeError when `qps` is not above 0, or `burst` below 1. */
  constructor({ clock = systemClock, ...rate }: FairLimiterOptions) {
    this.#clock = clock;
    this.#bucket = new TokenBucket(rate);
    this.#alarm = new Alarm(clock, () => this.#serve());
  }

  /** Resolves when it is `key`'s turn, with a token; rejects with the signal's reason as soon as that aborts. */
  async acquire(key: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#waiters.keys === 0 && this.#bucket.take(this.#clock.monotonic())) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { key, signal, resolve, reject };
    this.#waiters.add(key, waiter);
    if (signal) this.#aborts.add(signal, waiter);
    this.#alarm.set(this.#bucket.nextAt);
    await promise;
  }

  /**
   * From now on another rate; tokens that are there already, those who wait, and a pause stay.
   * @throws RangeError as the constructor does; then the rate stays as it was.
   */
  setRate(rate: Rate): void {
    // The next token comes when it was to come, so that the alarm is right as it is.
    this.#bucket.setRate(rate, this.#clock.monotonic());
  }

  /** Nobody gets a token for this long, nor a burst thereafter: the API server has asked for it. */
  pause(seconds: number): void {
    if (!(seconds >= 0 && seconds < Infinity)) throw new RangeError(`a pause of ${seconds} seconds: give a number from 0 on`);
    if (seconds > 0) this.#bucket.drain(this.#clock.monotonic() + seconds * 1_000);
  }

  #serve(): void {
    const now = this.#clock.monotonic();
    while (this.#waiters.keys > 0 && this.#bucket.take(now)) {
      const waiter = this.#waiters.shift();
      if (waiter?.signal) this.#aborts.delete(waiter.signal, waiter);
      waiter?.resolve();
    }
    if (this.#waiters.keys > 0) this.#alarm.set(this.#bucket.nextAt);
  }

  #leave(waiter: Waiter, reason: unknown): void {
    this.#waiters.delete(waiter.key, waiter);
    if (this.#waiters.keys === 0) this.#alarm.clear();
    waiter.reject(reason);
  }
}
