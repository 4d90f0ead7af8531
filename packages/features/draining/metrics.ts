import type { DrainedNode } from "@plimsoll/api";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** What came of a request for an eviction. */
export type Result = "accepted" | "refused" | "absent" | "failed";

/** From a second to a day. */
const buckets = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** How many there are, by phase or reason. */
type Counts = ReadonlyMap<string, number>;

/** What the feature tells Prometheus. */
export class DrainingMetrics {
  readonly #drains: Gauge<"phase">;
  readonly #nodes: Gauge<"phase">;
  readonly #blocked: Gauge<"reason">;
  readonly #evictions: Counter<"result">;
  readonly #deletions: Counter;
  readonly #surges: Counter<"action">;
  readonly #seconds: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#drains = new Gauge({ name: "plimsoll_drain_drains", help: "Drains that there are, by phase.", labelNames: ["phase"], registers });
    this.#nodes = new Gauge({
      name: "plimsoll_drain_nodes",
      help: "Nodes that Drains are about which are under way, by phase.",
      labelNames: ["phase"],
      registers,
    });
    this.#blocked = new Gauge({
      name: "plimsoll_drain_blocked_pods",
      help: "Pods that are kept on their nodes unless somebody changes something, by reason.",
      labelNames: ["reason"],
      registers,
    });
    this.#evictions = new Counter({
      name: "plimsoll_drain_evictions_total",
      help: "Evictions that were asked for, by what came of it.",
      labelNames: ["result"],
      registers,
    });
    this.#deletions = new Counter({
      name: "plimsoll_drain_deletions_total",
      help: "Pods that were deleted as they could not be evicted in time.",
      registers,
    });
    this.#surges = new Counter({
      name: "plimsoll_drain_surges_total",
      help: "Deployments that were given one more replica (raised), their scale again (undone), or were left with it as somebody else had scaled them (left).",
      labelNames: ["action"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "plimsoll_drain_node_duration_seconds",
      help: "How long nodes took from when their time began (their turn had come, and no Job was waited for) until their last pod had gone.",
      buckets,
      registers,
    });
  }

  evicted(result: Result): void {
    this.#evictions.inc({ result });
  }

  deleted(): void {
    this.#deletions.inc();
  }

  surged(action: "raised" | "undone" | "left"): void {
    this.#surges.inc({ action });
  }

  drained({ startedAt, finishedAt }: DrainedNode): void {
    if (startedAt !== undefined && finishedAt !== undefined) this.#seconds.observe((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
  }

  /** Takes in how many there are of all. */
  observe({ drains, nodes, blocked }: { drains: Counts; nodes: Counts; blocked: Counts }): void {
    for (const [gauge, label, counts] of [
      [this.#drains, "phase", drains],
      [this.#nodes, "phase", nodes],
      [this.#blocked, "reason", blocked],
    ] as const) {
      gauge.reset();
      for (const [value, count] of counts) (gauge as Gauge<string>).set({ [label]: value }, count);
    }
  }
}
