import { Counter, type Registry } from "prom-client";

/** What the program tells Prometheus of itself; requests under the name and labels that client-go gives them. */
export class ProgramMetrics {
  readonly #requests: Counter<"code" | "method">;
  readonly #retries: Counter<"feature">;
  readonly #watches: Counter<"resource">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#requests = new Counter({
      name: "rest_client_requests_total",
      help: "Answers of the API server, by status code and method; a watch counts when it begins.",
      labelNames: ["code", "method"],
      registers,
    });
    this.#retries = new Counter({
      name: "plimsoll_retries_total",
      help: "What could not be done and is tried again, by feature; the log says what and why.",
      labelNames: ["feature"],
      registers,
    });
    this.#watches = new Counter({
      name: "plimsoll_watch_restarts_total",
      help: "Lists and watches that have failed and were begun again, by resource.",
      labelNames: ["resource"],
      registers,
    });
  }

  /** Shows a feature from the start, with 0. */
  started(feature: string): void {
    this.#retries.inc({ feature }, 0);
  }

  answered({ status, method }: { status: number; method: string }): void {
    this.#requests.inc({ code: status, method });
  }

  retried(feature: string): void {
    this.#retries.inc({ feature });
  }

  watchFailed(resource: string): void {
    this.#watches.inc({ resource });
  }
}
