import { Counter, Gauge, type Registry } from "prom-client";

/** What the metrics are made of, when they are asked for. */
export interface Figures {
  policies: () => number;
  invalid: () => number;
  /** Containers by why there is a recommendation for them, or none. */
  containers: () => ReadonlyMap<string, number>;
  /** What all pods would ask for less by the recommendations: cores and bytes. */
  saved: () => { cpu: number; memory: number };
  /** Whether metrics.k8s.io answered last, for every namespace that it was asked for. */
  isAvailable: () => boolean;
}

const reasons = ["Recommended", "Close", "AtLimit", "AtLeastCurrent", "NoSamples", "Unsure", "OptedOut", "PodLevel"];

/** What the feature tells Prometheus. */
export class RightSizingMetrics {
  readonly #samples: Counter;
  readonly #oddities: Counter;
  readonly #kills: Counter;

  constructor(registry: Registry, figures: Figures) {
    const registers = [registry];
    const gauge = (name: string, help: string, value: () => number): void => {
      const made: Gauge = new Gauge({ name: `plimsoll_rightsizing_${name}`, help, registers, collect: () => made.set(value()) });
    };
    gauge("policies", "RightSizingPolicies that there are.", figures.policies);
    gauge("invalid", "RightSizingPolicies that can't be carried out as they are written.", figures.invalid);
    gauge("metrics_available", "1 where metrics.k8s.io answered last, for every namespace that it was asked for.", () =>
      Number(figures.isAvailable()),
    );
    const containers: Gauge<"reason"> = new Gauge({
      name: "plimsoll_rightsizing_containers",
      help: "Containers of workloads that policies have chosen, by why there is a recommendation for them, or none.",
      labelNames: ["reason"],
      registers,
      collect: () => {
        const counts = figures.containers();
        for (const reason of reasons) containers.set({ reason }, counts.get(reason) ?? 0);
      },
    });
    const saved: Gauge<"resource"> = new Gauge({
      name: "plimsoll_rightsizing_saved",
      help: "What all pods together would ask for less by the recommendations: cores, and bytes.",
      labelNames: ["resource"],
      registers,
      collect: () => {
        const { cpu, memory } = figures.saved();
        saved.set({ resource: "cpu" }, cpu);
        saved.set({ resource: "memory" }, memory);
      },
    });
    const counter = (name: string, help: string): Counter => new Counter({ name: `plimsoll_rightsizing_${name}`, help, registers });
    this.#samples = counter("samples_total", "Samples of containers' use that were taken in.");
    this.#oddities = counter("oddities_total", "Samples that were left out as they make no sense.");
    this.#kills = counter("oom_kills_total", "Containers that were seen to be killed for want of memory.");
  }

  sampled(): void {
    this.#samples.inc();
  }

  leftOut(count: number): void {
    this.#oddities.inc(count);
  }

  killed(): void {
    this.#kills.inc();
  }
}
