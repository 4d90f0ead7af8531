import type { Event } from "kubernetes-types/events/v1.d.ts";
import type { Clock } from "../src/clock/clock.ts";
import { ApiError, ConnectionError } from "../src/errors.ts";
import type { ApiRequest, Sender } from "../src/transport/api-request.ts";

/** A status to answer with in place of doing anything, or `lost`: it is done, and the answer doesn't arrive. */
type Fault = number | "lost";

/** An API server that has nothing but events. */
export class FakeEvents implements Pick<Sender, "request"> {
  /** Those that are there, by path. */
  readonly events = new Map<string, Event>();
  /** The count that each event had last, also when it has expired. */
  readonly counts = new Map<string, number>();
  /** Of each request, its method and what it said of the series. */
  readonly calls: { at: number; method: string; path: string; series: Event["series"] }[] = [];
  /** For the next requests, one each. */
  faults: (Fault | undefined)[] = [];
  /** The most requests that there were at once. */
  most = 0;
  readonly #clock: Clock;
  readonly #takes: number;
  #current = 0;

  /** A request takes so many milliseconds. */
  constructor(clock: Clock, takes = 0) {
    this.#clock = clock;
    this.#takes = takes;
  }

  /** Everything expires. */
  expire(): void {
    this.events.clear();
  }

  async request<T>({ method, path, body, signal }: ApiRequest): Promise<T> {
    const event = body as Event;
    this.calls.push({ at: this.#clock.now(), method, path, series: event.series });
    this.#current += 1;
    this.most = Math.max(this.most, this.#current);
    try {
      if (this.#takes > 0) await this.#clock.sleep(this.#takes, signal);
      const fault = this.faults.shift();
      if (typeof fault === "number") throw new ApiError(`${method} ${path}`, fault, {});
      const key = method === "POST" ? `${path}/${event.metadata?.name}` : path;
      const old = this.events.get(key);
      if (method === "POST" && old) throw new ApiError(`POST ${path}`, 409, { reason: "AlreadyExists" });
      if (method === "PATCH" && !old) throw new ApiError(`PATCH ${path}`, 404, {});
      this.events.set(key, { ...old, ...event });
      this.counts.set(key, event.series?.count ?? 1);
      if (fault === "lost") throw new ConnectionError(`${method} ${path}: no answer`, true);
      return {} as T;
    } finally {
      this.#current -= 1;
    }
  }

  stream(): Promise<never> {
    return Promise.reject(new Error("there are no streams"));
  }
}
