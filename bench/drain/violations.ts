import { Cache } from "@plimsoll/kube";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { mayBeMissing, shape, type DrainBenchClient } from "./site.ts";

/**
 * Counts the ready pods of each workload by a watch of its own, while something else drains: how often a workload had fewer than its budget
 * wants. A pod that was asked to end counts no more, as the disruption controller has it.
 */
export class Violations {
  readonly #ready = new Map<string, Set<string>>();
  readonly #end = new AbortController();
  readonly #watching: Promise<void>;
  readonly #filled: Promise<void>;
  #isOn = false;
  /** Changes after which a workload had too few. */
  count = 0;

  constructor(client: DrainBenchClient, namespace: string) {
    const cache = new Cache(client("pods"), {
      project: (pod) => ({ app: pod.metadata.labels?.["app"] ?? "", name: pod.metadata.name, counts: counts(pod) }),
      select: { namespace },
      onError: (error) => console.error(error),
    });
    cache.on(({ type, object }) => this.#take(object.app, object.name, type !== "delete" && object.counts));
    this.#watching = cache.start(this.#end.signal);
    this.#filled = cache.synced;
  }

  /** From now on what is too few counts. */
  async begin(): Promise<void> {
    await this.#filled;
    this.#isOn = true;
  }

  async stop(): Promise<number> {
    this.#end.abort();
    await this.#watching;
    return this.count;
  }

  #take(app: string, name: string, isReady: boolean): void {
    const pods = this.#ready.get(app) ?? new Set<string>();
    this.#ready.set(app, pods);
    const before = pods.size;
    if (isReady) pods.add(name);
    else pods.delete(name);
    const least = shape.replicas - mayBeMissing(Number(app.replace("app-", "")));
    if (this.#isOn && pods.size < before && pods.size < least) this.count += 1;
  }
}

function counts({ metadata, status }: Pod): boolean {
  return (
    metadata?.deletionTimestamp === undefined &&
    (status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false)
  );
}
