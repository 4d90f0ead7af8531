import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { omissions, type Omitted } from "../decide/omitted.ts";

/** Seconds from a run's time to its creation. */
const buckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 86_400];

/** What the feature tells Prometheus. */
export class SchedulesMetrics {
  readonly #started: Counter<"for">;
  readonly #omitted: Counter<"reason">;
  readonly #failed: Counter;
  readonly #delay: Histogram;

  constructor(
    registry: Registry,
    counts: { schedules: () => number; suspended: () => number; invalid: () => number; backfills: () => number },
  ) {
    const registers = [registry];
    const gauge = (name: string, help: string, count: () => number): void => {
      const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(count()) });
    };
    gauge("plimsoll_schedules_schedules", "Schedules that there are.", counts.schedules);
    gauge("plimsoll_schedules_suspended", "Schedules that are suspended.", counts.suspended);
    gauge("plimsoll_schedules_invalid", "Schedules that can't be carried out as they are written.", counts.invalid);
    gauge("plimsoll_schedules_backfills", "Backfills that go on.", counts.backfills);
    this.#started = new Counter({
      name: "plimsoll_schedules_runs_total",
      help: "Runs that were made, for schedules and for backfills.",
      labelNames: ["for"],
      registers,
    });
    for (const what of ["schedule", "backfill"]) this.#started.inc({ for: what }, 0);
    this.#omitted = new Counter({
      name: "plimsoll_schedules_omitted_total",
      help: "Times for which no run was made, by the reason.",
      labelNames: ["reason"],
      registers,
    });
    // What was never there can't be seen to grow.
    for (const reason of omissions) this.#omitted.inc({ reason }, 0);
    this.#failed = new Counter({ name: "plimsoll_schedules_failed_total", help: "Runs that could not be made.", registers });
    this.#delay = new Histogram({
      name: "plimsoll_schedules_delay_seconds",
      help: "From the time at which a schedule's run was to be made, with its jitter, until it was.",
      buckets,
      registers,
    });
  }

  /** A schedule's run was made, so late; milliseconds. */
  started(late: number): void {
    this.#started.inc({ for: "schedule" });
    this.#delay.observe(Math.max(0, late) / 1000);
  }

  startedForBackfill(): void {
    this.#started.inc({ for: "backfill" });
  }

  omitted({ reason, count }: Omitted): void {
    this.#omitted.inc({ reason }, count);
  }

  failed(): void {
    this.#failed.inc();
  }
}
