import { Alarm } from "../clock/alarm.ts";
import { systemClock, type Clock } from "../clock/clock.ts";
import { ApiError } from "../errors.ts";
import { delayAfter } from "./attempts.ts";
import { eventOf, keyOf, namespaceOf, objectKeyOf, type Occurrence, type Reporter } from "./event.ts";
import { Lru } from "./lru.ts";
import { Outbox } from "./outbox.ts";
import type { EventsClient } from "./permissions.ts";
import { SeriesBook } from "./series-book.ts";
import { Series } from "./series.ts";
import { SpamFilter } from "./spam-filter.ts";
import { write } from "./write.ts";

/** Who tells the events, where, and who is told of those that get lost. */
export interface EventRecorderOptions extends Reporter {
  /** Where the client may write; what happens elsewhere is not told. Default: everywhere. */
  namespaces?: readonly string[] | undefined;
  clock?: Clock;
  random?: () => number;
  /** Told of what could not be told to the API server, once for each cause. */
  onError?: (error: unknown) => void;
}

/** New events are dropped while so many wait. */
const mostWaiting = 1_000;

/** Requests at once. */
const concurrency = 4;

/** Causes that are remembered, so that `onError` hears of each once. */
const mostCauses = 256;

/**
 * Tells of what happens to objects by events (events.k8s.io/v1), as client-go does: what happens again within six minutes is counted in one
 * event's series. Events are hints to a person: they may be dropped, and nothing waits for them. Of one object there may be 25 new ones
 * at once, of them 15 of its parts, and then one each five minutes; repetitions are always counted.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions & Required<Pick<EventRecorderOptions, "clock" | "random">>;
  readonly #client: EventsClient;
  readonly #book = new SeriesBook();
  readonly #filter = new SpamFilter();
  readonly #outbox: Outbox<Series>;
  readonly #alarm: Alarm;
  readonly #attempts = new WeakMap<Series, number>();
  readonly #causes = new Lru<string, { told: boolean }>(mostCauses, () => ({ told: false }));
  #running = false;
  #flushing = false;
  #sent = 0;
  #failed = 0;
  #dropped = 0;

  constructor(client: EventsClient, options: EventRecorderOptions) {
    this.#client = client;
    this.#options = { clock: systemClock, random: Math.random, ...options };
    this.#outbox = new Outbox(this.#options.clock, concurrency, (series, signal) => this.#send(series, signal));
    this.#alarm = new Alarm(this.#options.clock, () => this.#turn());
  }

  /** Occurrences that the API server knows of. */
  get sent(): number {
    return this.#sent;
  }

  /** Occurrences that the API server refused, or could not be told of. */
  get failed(): number {
    return this.#failed;
  }

  /** Occurrences that nobody tried to tell: there were too many, or they were in a namespace that isn't among the given ones. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes note of what happened, to be sent once `run` or `flush` does. It never throws. */
  record(occurrence: Occurrence): void {
    try {
      const { clock } = this.#options;
      const [at, key] = [clock.monotonic(), keyOf(occurrence)];
      this.#collect(at);
      if (!this.#book.repeat(key, at, clock.now())) this.#begin(key, occurrence, at);
      this.#turn();
    } catch (error) {
      this.#dropped += 1;
      this.#tell(String(error), error);
    }
  }

  /** Sends what was and will be recorded, until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.#running = true;
    this.#turn();
    await this.#outbox.run(signal);
    this.#running = false;
    this.#alarm.clear();
  }

  /** Sends what was not yet sent, for at most `ms` milliseconds: at the end of a program, as `run` leaves it unsent. */
  async flush(ms: number): Promise<void> {
    this.#flushing = true;
    this.#turn();
    await this.#outbox.flush(ms);
    this.#flushing = false;
  }

  #begin(key: string, occurrence: Occurrence, at: number): void {
    const { clock, random, namespaces } = this.#options;
    const { regarding } = occurrence;
    const namespace = namespaceOf(regarding);
    if (namespaces?.includes(namespace) === false)
      throw new Error(`no events are recorded in the namespace "${namespace}", which is not among those given: ${namespaces.join(", ")}`);
    if (this.#outbox.size >= mostWaiting || !this.#filter.admits(objectKeyOf(regarding), regarding.fieldPath !== undefined, at)) {
      this.#dropped += 1;
      return;
    }
    const now = clock.now();
    const suffix =
      now.toString(16) +
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, "0");
    const series = new Series(key, eventOf(occurrence, this.#options, now, suffix), at);
    this.#book.begin(series);
    this.#outbox.add(series);
  }

  /** Hands over to the outbox what is due by now. */
  #collect(at: number): void {
    for (let series = this.#book.take(at); series !== undefined; series = this.#book.take(at)) this.#outbox.add(series);
    if (this.#flushing) for (const series of this.#book.takeAll()) this.#outbox.add(series);
  }

  #turn(): void {
    this.#collect(this.#options.clock.monotonic());
    if (this.#running) this.#alarm.set(this.#book.next);
  }

  async #send(series: Series, signal: AbortSignal): Promise<number | undefined> {
    const { clock, random } = this.#options;
    try {
      const count = await write(this.#client, series, signal);
      this.#sent += count - series.told;
      series.tell(count, clock.monotonic());
      this.#attempts.delete(series);
      this.#book.rest(series);
      this.#turn();
      return undefined;
    } catch (error) {
      if (signal.aborted) return 0;
      const attempt = (this.#attempts.get(series) ?? 0) + 1;
      this.#attempts.set(series, attempt);
      const delay = delayAfter(error, attempt, random);
      if (delay === undefined) this.#giveUp(series, error);
      return delay;
    }
  }

  #giveUp(series: Series, error: unknown): void {
    this.#failed += series.untold;
    this.#book.close(series);
    const { metadata, reason } = series.first;
    this.#tell(`${error instanceof ApiError ? error.code : String(error)} ${metadata.namespace} ${reason}`, error);
  }

  #tell(cause: string, error: unknown): void {
    const known = this.#causes.get(cause);
    if (known.told) return;
    known.told = true;
    try {
      this.#options.onError?.(error);
    } catch (problem) {
      console.error(problem); // Whoever is told of errors is broken: the work goes on all the same.
    }
  }
}
