import { Counter, Gauge, type Registry } from "prom-client";
import type { Breaker, Decision } from "./decide.ts";

/** How the deletion of a node went. */
export type Result = "deleted" | "changed" | "absent" | "failed";

const verdicts = ["exists", "gone", "unsure"] as const;

/** What the feature tells Prometheus. */
export class CleanupMetrics {
  readonly #nodes: Gauge<"decision">;
  readonly #looks: Counter<"verdict">;
  readonly #deletions: Counter<"result">;
  readonly #breaker: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#nodes = new Gauge({
      name: "plimsoll_cleanup_nodes",
      help: "Nodes that have been NotReady for too long, by what is decided about them.",
      labelNames: ["decision"],
      registers,
    });
    this.#looks = new Counter({
      name: "plimsoll_cleanup_looks_total",
      help: "Answers of the cloud about a node's machine.",
      labelNames: ["verdict"],
      registers,
    });
    this.#deletions = new Counter({
      name: "plimsoll_cleanup_deletions_total",
      help: "Nodes that were to be deleted, by how it went.",
      labelNames: ["result"],
      registers,
    });
    this.#breaker = new Gauge({
      name: "plimsoll_cleanup_breaker_open",
      help: "1 while nothing is deleted, as too many machines are gone at once.",
      registers,
    });
  }

  looked(verdict: (typeof verdicts)[number]): void {
    this.#looks.inc({ verdict });
  }

  decided(decisions: readonly Decision[], { isOpen }: Breaker): void {
    this.#nodes.reset();
    for (const decision of ["keep", "wait", "confirm", "stop", "tell", "delete"] as const)
      this.#nodes.set({ decision }, decisions.filter((one) => one.do === decision).length);
    this.#breaker.set(isOpen ? 1 : 0);
  }

  deleted(result: Result): void {
    this.#deletions.inc({ result });
  }
}
