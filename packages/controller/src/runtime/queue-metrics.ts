import type { QueueObserver, WorkQueue } from "@plimsoll/kube";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** Those of controller-runtime: from 10 ns up in client-go's, from 5 ms up here, as nothing below is told apart. */
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What work queues tell Prometheus, under the names and labels that controller-runtime gives it. Queues have a name each. */
export class QueueMetrics {
  readonly #queues = new Map<string, WorkQueue>();
  readonly #adds: Counter<"name">;
  readonly #retries: Counter<"name">;
  readonly #waited: Histogram<"name">;
  readonly #worked: Histogram<"name">;
  readonly #reconciles: Counter<"controller" | "result">;
  readonly #reconcileTime: Histogram<"controller">;

  constructor(registry: Registry) {
    const registers = [registry];
    const labelNames = ["name"] as const;
    const counter = (name: string, help: string) => new Counter({ name, help, labelNames, registers });
    const histogram = (name: string, help: string) => new Histogram({ name, help, labelNames, buckets: seconds, registers });
    this.#adds = counter("workqueue_adds_total", "Keys that have come.");
    this.#retries = counter("workqueue_retries_total", "Keys that come again as the work on them has failed.");
    this.#waited = histogram("workqueue_queue_duration_seconds", "How long keys have waited to be worked on.");
    this.#worked = histogram("workqueue_work_duration_seconds", "How long the work on keys has taken.");
    this.#reconciles = new Counter({
      name: "controller_runtime_reconcile_total",
      help: "Reconciliations, by result.",
      labelNames: ["controller", "result"],
      registers,
    });
    this.#reconcileTime = new Histogram({
      name: "controller_runtime_reconcile_time_seconds",
      help: "How long a reconciliation takes.",
      labelNames: ["controller"],
      buckets: seconds,
      registers,
    });
    const gauge = (name: string, help: string, label: "name" | "controller", valueOf: (queue: WorkQueue) => number) => {
      const queues = this.#queues;
      return new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        collect() {
          for (const [queue, of] of queues) this.set({ [label]: queue }, valueOf(of));
        },
      });
    };
    gauge("workqueue_depth", "Keys that wait.", "name", (queue) => queue.length);
    gauge("workqueue_unfinished_work_seconds", "How long what is worked on has taken, in all.", "name", (queue) => queue.work.total / 1000);
    gauge("workqueue_longest_running_processor_seconds", "The longest of it.", "name", (queue) => queue.work.longest / 1000);
    gauge("controller_runtime_active_workers", "Keys that are worked on.", "controller", (queue) => queue.work.active);
  }

  /** Counts what a queue does, from the start with 0. */
  observer(name: string): QueueObserver {
    this.#adds.inc({ name }, 0);
    this.#retries.inc({ name }, 0);
    for (const result of ["success", "error"]) this.#reconciles.inc({ controller: name, result }, 0);
    return {
      added: () => this.#adds.inc({ name }),
      began: (waited) => this.#waited.observe({ name }, waited / 1000),
      ended: (took, failed) => {
        this.#worked.observe({ name }, took / 1000);
        this.#reconcileTime.observe({ controller: name }, took / 1000);
        this.#reconciles.inc({ controller: name, result: failed ? "error" : "success" });
        if (failed) this.#retries.inc({ name });
      },
    };
  }

  /** Shows a queue's depth and work from now on. */
  add(name: string, queue: WorkQueue): void {
    this.#queues.set(name, queue);
  }

  /** The queues whose keys have waited for longer than this without any being begun or done, in milliseconds. */
  stalled(longest: number): string[] {
    return [...this.#queues].filter(([, queue]) => queue.stalled > longest).map(([name]) => name);
  }
}
