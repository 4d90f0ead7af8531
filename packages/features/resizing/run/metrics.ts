import { Counter, Gauge, type Registry } from "prom-client";

/** What the metrics are made of, when they are asked for. */
export interface Figures {
  /** Policies whose mode applies what is recommended, and those of them that don't stand as they should, by the reason of their condition. */
  policies: () => number;
  hindered: () => number;
  held: () => number;
}

/** What the feature tells Prometheus. */
export class ResizingMetrics {
  readonly #changes: Counter;
  readonly #takenBack: Counter;
  readonly #refused: Counter;

  constructor(registry: Registry, figures: Figures) {
    const registers = [registry];
    const gauge = (name: string, help: string, value: () => number): void => {
      const made: Gauge = new Gauge({ name: `plimsoll_resizing_${name}`, help, registers, collect: () => made.set(value()) });
    };
    gauge("policies", "RightSizingPolicies whose mode applies what is recommended.", figures.policies);
    gauge("hindered", "Of these, those of whose workloads something is in the way.", figures.hindered);
    gauge("held", "Containers of workloads whose change was taken back, and is not made again yet.", figures.held);
    const counter = (name: string, help: string): Counter => new Counter({ name: `plimsoll_resizing_${name}`, help, registers });
    this.#changes = counter("changes_total", "Changes of containers' requests that were begun.");
    this.#takenBack = counter("taken_back_total", "Changes that were taken back, as a container crashed or was killed after them.");
    this.#refused = counter("refused_total", "Pods and templates that the API server has refused to change.");
  }

  changed(): void {
    this.#changes.inc();
  }

  takenBack(): void {
    this.#takenBack.inc();
  }

  refused(count: number): void {
    this.#refused.inc(count);
  }
}
