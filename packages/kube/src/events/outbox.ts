import { once } from "node:events";
import { Alarm } from "../clock/alarm.ts";
import { atMost } from "../flowcontrol/at-most.ts";
import type { Clock } from "../clock/clock.ts";
import { Deadlines } from "../workqueue/deadlines.ts";
import { Fifo } from "../workqueue/fifo.ts";

/** Sends; gives the milliseconds after which it is to be tried again, or undefined. It doesn't throw. */
type Send<T> = (item: T, signal: AbortSignal) => Promise<number | undefined>;

/** Things that wait to be sent, which a few at a time are while it is open. */
export class Outbox<T extends object> {
  readonly #clock: Clock;
  readonly #send: Send<T>;
  readonly #concurrency: number;
  readonly #ready = new Fifo<T>();
  readonly #later = new Deadlines<T>();
  readonly #alarm: Alarm;
  #sending = 0;
  /** How many keep it open. */
  #keepers = 0;
  #empty: PromiseWithResolvers<void> | undefined;
  #cut = new AbortController();

  constructor(clock: Clock, concurrency: number, send: Send<T>) {
    this.#clock = clock;
    this.#concurrency = concurrency;
    this.#send = send;
    this.#alarm = new Alarm(clock, () => this.#turn());
  }

  /** Those that wait, for another attempt too, and those that are being sent. */
  get size(): number {
    return this.#ready.size + this.#later.size + this.#sending;
  }

  add(item: T): void {
    this.#ready.add(item);
    this.#turn();
  }

  /** Is open until `signal` aborts; what is being sent then goes on. */
  async run(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await this.#open(once(signal, "abort"));
  }

  /** Is open until it is empty, for at most `ms` milliseconds; sends at once what waits for another attempt. What is then being sent is cut off, and waits. */
  async flush(ms: number): Promise<void> {
    for (let item = this.#later.take(Infinity); item !== undefined; item = this.#later.take(Infinity)) this.#ready.add(item);
    if (this.size === 0) return;
    this.#empty ??= Promise.withResolvers();
    await this.#open(atMost(ms, this.#empty.promise, this.#clock));
    this.#cut.abort();
    this.#cut = new AbortController();
  }

  async #open(end: Promise<unknown>): Promise<void> {
    this.#keepers += 1;
    this.#turn();
    await end;
    this.#keepers -= 1;
    if (this.#keepers === 0) this.#alarm.clear();
  }

  #turn(): void {
    if (this.#keepers > 0) {
      const now = this.#clock.monotonic();
      for (let item = this.#later.take(now); item !== undefined; item = this.#later.take(now)) this.#ready.add(item);
      while (this.#sending < this.#concurrency) {
        const item = this.#ready.shift();
        if (item === undefined) break;
        this.#sending += 1;
        void this.#attempt(item);
      }
      this.#alarm.set(this.#later.next);
    }
    if (this.size > 0) return;
    this.#empty?.resolve();
    this.#empty = undefined;
  }

  async #attempt(item: T): Promise<void> {
    const delay = await this.#send(item, this.#cut.signal);
    this.#sending -= 1;
    if (delay !== undefined) this.#later.set(item, this.#clock.monotonic() + delay);
    this.#turn();
  }
}
