import type { CacheEvent } from "@plimsoll/kube";
import type { StepStatus } from "@plimsoll/api";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { RunView } from "./runs.ts";

/** From a second to a day. */
const buckets = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400];

interface RunLabels {
  pipeline: string;
  phase: string;
}

/** What the feature tells Prometheus. A run that holds its pipeline itself has an empty `pipeline`, as every run would have a name of its own. */
export class PipelinesMetrics {
  /** How many runs there are, by pipeline and phase. What there is none of is not told: names of pipelines come and go. */
  readonly #runs = new Map<string, { labels: RunLabels; count: number }>();
  readonly #runSeconds: Histogram<"pipeline" | "phase">;
  readonly #steps: Counter<"pipeline" | "phase">;
  readonly #stepSeconds: Histogram<"pipeline" | "phase">;
  readonly #retries: Counter<"pipeline" | "reason">;

  constructor(registry: Registry) {
    const registers = [registry];
    const labelNames = ["pipeline", "phase"] as const;
    const gauge: Gauge<keyof RunLabels> = new Gauge({
      name: "plimsoll_pipelines_runs",
      help: "Runs that there are, by pipeline and phase.",
      labelNames,
      registers,
      collect: (): void => {
        gauge.reset();
        for (const { labels, count } of this.#runs.values()) gauge.set(labels, count);
      },
    });
    this.#runSeconds = new Histogram({
      name: "plimsoll_pipelines_run_duration_seconds",
      help: "How long runs took that have ended.",
      labelNames,
      buckets,
      registers,
    });
    this.#steps = new Counter({
      name: "plimsoll_pipelines_steps_total",
      help: "Steps that have ended, by pipeline and phase.",
      labelNames,
      registers,
    });
    this.#stepSeconds = new Histogram({
      name: "plimsoll_pipelines_step_duration_seconds",
      help: "How long steps took that have ended.",
      labelNames,
      buckets,
      registers,
    });
    this.#retries = new Counter({
      name: "plimsoll_pipelines_retries_total",
      help: "Tries that did not succeed and are made again, by pipeline and reason.",
      labelNames: ["pipeline", "reason"],
      registers,
    });
  }

  /** Takes in that a run has come, changed or gone. */
  observe(event: CacheEvent<RunView>): void {
    if (event.type !== "add") this.#count(event.old, -1);
    if (event.type !== "delete") this.#count(event.object, 1);
  }

  #count({ pipeline, phase }: RunView, more: number): void {
    const key = `${pipeline} ${phase}`;
    const count = (this.#runs.get(key)?.count ?? 0) + more;
    if (count === 0) this.#runs.delete(key);
    else this.#runs.set(key, { labels: { pipeline, phase }, count });
  }

  /** Takes in that a run has ended. */
  runEnded({ pipeline }: RunView, phase: string, seconds: number): void {
    this.#runSeconds.observe({ pipeline, phase }, seconds);
  }

  /** Takes in that a step has ended. */
  stepEnded({ pipeline }: RunView, { phase, startedAt, finishedAt }: StepStatus): void {
    this.#steps.inc({ pipeline, phase });
    if (startedAt !== undefined && finishedAt !== undefined)
      this.#stepSeconds.observe({ pipeline, phase }, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
  }

  /** Takes in that a try did not succeed, and another follows. */
  retried({ pipeline }: RunView, reason: string): void {
    this.#retries.inc({ pipeline, reason });
  }
}
