import type { PodMetrics, Stored, View } from "@plimsoll/kube";
import { reserved } from "@plimsoll/api";
import { sizedPodOf, sizingLabel, type SizedPod, type UseMeter } from "@plimsoll/model/sizing";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { take } from "../observe/sample.ts";
import type { RightSizingRuntime } from "../permissions.ts";

/** As often as a metrics server measures. */
const interval = 15_000;
/** How long what is gone is remembered, for who has yet to look. */
const rememberedFor = 10 * 60_000;

/**
 * Measures what the pods of steps use that go by that: their own label says which. While there are any, one request a round for all of them, or one
 * for each namespace where the installation works in some alone; else none.
 */
export class StepSampler {
  readonly #runtime: RightSizingRuntime;
  readonly #meter: UseMeter;
  readonly #pods: View<Pod, SizedPod>;
  readonly #sampledAt = new Map<string, number>();
  /** Resolves when there is a pod to be measured. */
  #came = Promise.withResolvers<void>();

  constructor(runtime: RightSizingRuntime, meter: UseMeter) {
    this.#runtime = runtime;
    this.#meter = meter;
    this.#pods = runtime.view("pods", { project: runningPodOf, select: { labelSelector: sizingLabel } });
  }

  /** Works until the runtime's signal aborts. */
  async run(): Promise<void> {
    const { clock, signal, synced } = this.#runtime;
    await synced();
    const ended = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    this.#pods.on(({ type, object }) => {
      if (type === "delete") this.#sampledAt.delete(object.uid);
      else this.#came.resolve();
    });
    try {
      while (!signal.aborted) {
        await Promise.race([this.#came.promise, ended]);
        await clock.sleep(interval, signal);
        await this.#round();
        if (this.#pods.size === 0) this.#came = Promise.withResolvers();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #round(): Promise<void> {
    const { client, clock, namespaces = [undefined], retried, signal } = this.#runtime;
    const used = new Set([...this.#pods.values()].map(({ namespace }) => namespace));
    for (const namespace of namespaces) {
      if (namespace === undefined ? used.size === 0 : !used.has(namespace)) continue;
      try {
        // What answers with all pods, whatever was asked for, does no harm.
        for await (const metrics of client("pods.metrics.k8s.io").list({ namespace, limit: 0, labelSelector: sizingLabel, signal }))
          this.#take(metrics);
      } catch (error) {
        signal.throwIfAborted();
        retried("to ask what the pods of steps use", error);
      }
    }
    const running = new Set([...this.#pods.values()].map(({ uid }) => uid));
    this.#meter.forget(clock.now() - rememberedFor, (uid) => running.has(uid));
  }

  #take({ metadata, ...metrics }: Stored<PodMetrics>): void {
    const pod = this.#pods.get(metadata.namespace, metadata.name);
    if (pod === undefined) return;
    // What makes no sense is told by who samples for policies.
    for (const { container, ...sample } of take(metrics, pod, this.#sampledAt.get(pod.uid), this.#runtime.clock.now()).samples) {
      this.#sampledAt.set(pod.uid, sample.at);
      if (container === reserved.container) this.#meter.sample(pod.uid, sample);
    }
  }
}

/** Of a pod that waits, as of one that has ended, nothing is to be measured. */
function runningPodOf(pod: Pod): SizedPod | undefined {
  return pod.status?.phase === "Running" ? sizedPodOf(pod) : undefined;
}
