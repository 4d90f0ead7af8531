import { applicationStates } from "@plimsoll/api";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** Seconds, from one to a day. */
const buckets = [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Tells Prometheus how many applications there are. */
export function tellStates(registry: Registry, states: () => Iterable<string>): void {
  const applications: Gauge<"state"> = new Gauge({
    name: "plimsoll_spark_applications",
    help: "SparkApplications that there are, by state.",
    labelNames: ["state"],
    registers: [registry],
    collect: () => {
      const counts = new Map<string, number>(applicationStates.map((state) => [state, 0]));
      for (const state of states()) counts.set(state, (counts.get(state) ?? 0) + 1);
      for (const [state, count] of counts) applications.set({ state: state || "NEW" }, count);
    },
  });
}

/** What the feature tells Prometheus of applications that it runs. */
export class SparkMetrics {
  readonly #submissions: Counter<"result">;
  readonly #seconds: Histogram<"result">;

  constructor(registry: Registry, states: () => Iterable<string>) {
    const registers = [registry];
    tellStates(registry, states);
    this.#submissions = new Counter({
      name: "plimsoll_spark_submissions_total",
      help: "Drivers that were made, or could not be, by what came of it.",
      labelNames: ["result"],
      registers,
    });
    for (const result of ["made", "refused"]) this.#submissions.inc({ result }, 0);
    this.#seconds = new Histogram({
      name: "plimsoll_spark_attempt_duration_seconds",
      help: "From when a driver was made until it had ended, by its outcome.",
      labelNames: ["result"],
      buckets,
      registers,
    });
  }

  submitted(result: "made" | "refused"): void {
    this.#submissions.inc({ result });
  }

  ended(result: "succeeded" | "failed", seconds: number): void {
    this.#seconds.observe({ result }, Math.max(0, seconds));
  }
}
