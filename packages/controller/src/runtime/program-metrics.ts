import type { EventRecorder } from "@plimsoll/kube";
import { Counter, Gauge, type Registry } from "prom-client";

/** What the program tells Prometheus of itself; requests under the name and labels that client-go gives them. */
export class ProgramMetrics {
  readonly #registry: Registry;
  readonly #requests: Counter<"code" | "method">;
  readonly #retries: Counter<"feature">;
  readonly #watches: Counter<"resource">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#registry = registry;
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

  /** Shows what has become of the events of some recorders. */
  events(recorders: () => readonly Pick<EventRecorder, "sent" | "failed" | "dropped">[]): void {
    const results = ["sent", "failed", "dropped"] as const;
    const counter: Counter<"result"> = new Counter({
      name: "plimsoll_events_total",
      help: "Events, by what has become of them: sent, failed (refused, or not answered), dropped (too many).",
      labelNames: ["result"],
      registers: [this.#registry],
      collect: (): void => {
        counter.reset();
        for (const result of results)
          counter.inc(
            { result },
            recorders().reduce((sum, recorder) => sum + recorder[result], 0),
          );
      },
    });
  }

  /** Shows whether this process leads. */
  leads(name: string, isLeader: () => boolean): void {
    const gauge: Gauge<"name"> = new Gauge({
      name: "leader_election_master_status",
      help: "1 in the process that holds the lease, 0 in the others.",
      labelNames: ["name"],
      registers: [this.#registry],
      collect: (): void => gauge.set({ name }, isLeader() ? 1 : 0),
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
