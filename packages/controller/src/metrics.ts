import { collectDefaultMetrics, Counter, Registry } from "prom-client";

/** What the program tells Prometheus of itself; requests under the name and labels that client-go gives them. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = new Counter({
    name: "rest_client_requests_total",
    help: "Answers of the API server, by status code and method; a watch counts when it begins.",
    labelNames: ["code", "method"],
    registers: [this.registry],
  });
  readonly #retries = new Counter({
    name: "plimsoll_retries_total",
    help: "What could not be done and is tried again, by feature; the log says what and why.",
    labelNames: ["feature"],
    registers: [this.registry],
  });

  /** For these features, each of which is there from the start, with 0. */
  constructor(features: readonly string[]) {
    collectDefaultMetrics({ register: this.registry });
    for (const feature of features) this.#retries.inc({ feature }, 0);
  }

  answered({ status, method }: { status: number; method: string }): void {
    this.#requests.inc({ code: status, method });
  }

  retried(feature: string): void {
    this.#retries.inc({ feature });
  }
}
