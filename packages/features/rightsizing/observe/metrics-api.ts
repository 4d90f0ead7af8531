import { ApiError, messageOf } from "@plimsoll/kube";
import type { Slice, PodMetrics, Stored } from "@plimsoll/kube";
import type { RightSizingRuntime } from "../permissions.ts";

/** How metrics.k8s.io stands, as it was asked last. */
export type Availability = { state: "unasked" } | { state: "answers" } | { state: "away"; since: number; message: string };

type Given = Pick<RightSizingRuntime, "client" | "clock" | "log" | "namespaces" | "retried" | "signal">;

/** Asks metrics.k8s.io what all pods use: one request a round, or one for each namespace where the installation works in some alone. */
export class MetricsApi {
  readonly #runtime: Given;
  /** By the namespace that was asked for; undefined: all at once. */
  readonly #availability = new Map<string | undefined, Availability>();

  constructor(runtime: Given) {
    this.#runtime = runtime;
  }

  /** How it stands for pods of a namespace. */
  of(namespace: string): Availability {
    return this.#availability.get(this.#runtime.namespaces && namespace) ?? { state: "unasked" };
  }

  /** Whether it has answered all that it was asked last, and was asked at all. */
  get answers(): boolean {
    return this.#availability.size > 0 && [...this.#availability.values()].every(({ state }) => state === "answers");
  }

  /** Hands over the metrics of the pods of these namespaces, and perhaps of others. Rejects with the signal's reason alone. */
  async ask(wanted: ReadonlySet<string>, slice: Slice, taken: (metrics: Stored<PodMetrics>) => void): Promise<void> {
    const { namespaces } = this.#runtime;
    const all: readonly (string | undefined)[] =
      namespaces?.filter((namespace) => wanted.has(namespace)) ?? (wanted.size > 0 ? [undefined] : []);
    for (const namespace of this.#availability.keys()) if (!all.includes(namespace)) this.#availability.delete(namespace);
    for (const namespace of all) await this.#askIn(namespace, slice, taken);
  }

  async #askIn(namespace: string | undefined, slice: Slice, taken: (metrics: Stored<PodMetrics>) => void): Promise<void> {
    const { client, log, signal } = this.#runtime;
    try {
      for await (const metrics of client("pods.metrics.k8s.io").list({ namespace, limit: 0, signal })) {
        taken(metrics);
        if (slice.isOver) await slice.turn();
      }
    } catch (error) {
      signal.throwIfAborted();
      return this.#away(namespace, error);
    }
    if (this.#availability.get(namespace)?.state === "away") log.info({ namespace }, "metrics.k8s.io answers again");
    this.#availability.set(namespace, { state: "answers" });
  }

  #away(namespace: string | undefined, error: unknown): void {
    const { clock, log, retried } = this.#runtime;
    const isAbsent = error instanceof ApiError && (error.code === 404 || error.code === 503);
    const message = isAbsent
      ? "metrics.k8s.io doesn't answer, as without a metrics server, or while it doesn't run"
      : `metrics.k8s.io could not be asked: ${messageOf(error)}`;
    const before = this.#availability.get(namespace);
    if (!isAbsent) retried("to ask what pods use", error);
    else if (before?.state !== "away") log.warn({ namespace }, message);
    this.#availability.set(namespace, { state: "away", since: before?.state === "away" ? before.since : clock.now(), message });
  }
}
