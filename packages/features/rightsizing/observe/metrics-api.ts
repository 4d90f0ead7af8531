import { ApiError, messageOf } from "@plimsoll/kube";
import type { Slice, PodMetrics, Stored } from "@plimsoll/kube";
import type { RightSizingRuntime } from "../permissions.ts";

/** How metrics.k8s.io stands, as it was asked last. */
export type Availability =
  { state: "unasked" } | { state: "answers" } | { state: "odd"; message: string } | { state: "away"; since: number; message: string };

type Given = Pick<RightSizingRuntime, "client" | "clock" | "log" | "namespaces" | "retried" | "signal">;

/** Asks metrics.k8s.io what all pods use: one request a round, or one for each namespace where the installation works in some alone. */
export class MetricsApi {
  readonly #runtime: Given;
  #availability: Availability = { state: "unasked" };

  constructor(runtime: Given) {
    this.#runtime = runtime;
  }

  get availability(): Availability {
    return this.#availability;
  }

  /** Hands over the metrics of every pod; `taken` gives what makes no sense in them. Rejects with the signal's reason alone. */
  async ask(slice: Slice, taken: (metrics: Stored<PodMetrics>) => readonly string[]): Promise<void> {
    const { client, namespaces, signal } = this.#runtime;
    const oddities: string[] = [];
    try {
      for (const namespace of namespaces ?? [undefined])
        for await (const metrics of client("pods.metrics.k8s.io").list({ namespace, limit: 0, signal })) {
          oddities.push(...taken(metrics));
          if (slice.isOver) await slice.turn();
        }
    } catch (error) {
      signal.throwIfAborted();
      return this.#away(error);
    }
    if (this.#availability.state === "away") this.#runtime.log.info({}, "metrics.k8s.io answers again");
    this.#availability = oddities.length === 0 ? { state: "answers" } : { state: "odd", message: together(oddities) };
  }

  #away(error: unknown): void {
    const { clock, log, retried } = this.#runtime;
    const isAbsent = error instanceof ApiError && (error.code === 404 || error.code === 503);
    const message = isAbsent
      ? "metrics.k8s.io doesn't answer, as without a metrics server, or while it doesn't run"
      : `metrics.k8s.io could not be asked: ${messageOf(error)}`;
    const before = this.#availability;
    if (!isAbsent) retried("to ask what pods use", error);
    else if (before.state !== "away") log.warn({}, message);
    this.#availability = { state: "away", since: before.state === "away" ? before.since : clock.now(), message };
  }
}

function together(oddities: readonly string[]): string {
  const more = oddities.length > 3 ? ` (and ${oddities.length - 3} more)` : "";
  return `${oddities.slice(0, 3).join("; ")}${more}`;
}
