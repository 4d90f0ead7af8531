import type { RightSizingPolicy, VerticalPodAutoscaler } from "@plimsoll/api";
import { splitKey, type CacheEvent, type View, type WorkQueue } from "@plimsoll/kube";
import { isDeepStrictEqual } from "node:util";
import { autoscalerOf, type Autoscaler } from "../decide/autoscaler.ts";
import { policyOf, type Policy } from "../decide/policy.ts";
import type { VpaRuntime } from "../permissions.ts";
import { targetKey } from "../target.ts";
import { VpaMetrics } from "./metrics.ts";
import { Targets } from "./targets.ts";

/** Targets worked on at once. */
const width = 20;

/** The feature's loop: watches policies and VerticalPodAutoscalers, and has the targets reconciled that a change concerns. */
export class VpaController {
  readonly #runtime: VpaRuntime;
  readonly #policies: View<RightSizingPolicy, Policy, "target">;
  readonly #autoscalers: View<VerticalPodAutoscaler, Autoscaler, "target">;
  readonly #queue: WorkQueue;
  readonly #targets: Targets;

  constructor(runtime: VpaRuntime) {
    this.#runtime = runtime;
    this.#policies = runtime.view("rightsizingpolicies.plimsoll.dev", {
      project: policyOf,
      indexes: { target: ({ advice }) => [...advice.keys()] },
    });
    this.#autoscalers = runtime.view("verticalpodautoscalers.autoscaling.k8s.io", {
      project: autoscalerOf,
      indexes: { target: (one) => keysOf(one) },
      mayBeMissing: true,
    });
    this.#queue = runtime.queue("vpa");
    const metrics = new VpaMetrics(
      runtime.metrics,
      () => this.#autoscalers.values(),
      () => this.#targets.reasons(),
    );
    const policy = (namespace: string, owner: { name: string; uid: string }): Policy | undefined => {
      const found = this.#policies.get(namespace, owner.name);
      return found?.metadata.uid === owner.uid ? found : undefined;
    };
    this.#targets = new Targets({
      ...runtime,
      policyOf: policy,
      queue: this.#queue,
      metrics: () => metrics,
      observe: (key) => {
        const [namespace] = splitKey(key);
        return {
          key,
          policies: this.#policies.by("target", key),
          autoscalers: this.#autoscalers.by("target", key),
          named: (name) => this.#autoscalers.get(namespace, name),
          isThere: (owner) => policy(namespace, owner) !== undefined,
        };
      },
    });
  }

  /** Works, once this process leads, until the runtime's signal aborts. */
  async run(): Promise<void> {
    const { synced, elected, signal } = this.#runtime;
    await Promise.all([synced(), elected]);
    this.#policies.on((event) => this.#policyChanged(event));
    this.#autoscalers.on((event) => {
      this.#targets.seen();
      for (const one of event.type === "add" ? [event.object] : [event.old, event.object])
        for (const key of keysOf(one)) this.#queue.add(key);
    });
    await this.#queue.run(width, (key) => this.#targets.reconcile(key), signal);
  }

  /** Of a policy's targets those that are recommended something else than before. */
  #policyChanged(event: CacheEvent<Policy>): void {
    const { object } = event;
    const old = event.type === "update" ? event.old : undefined;
    const isOther = event.type === "delete" || old?.updateMode !== object.updateMode;
    for (const key of new Set([...(old?.advice.keys() ?? []), ...object.advice.keys()]))
      if (isOther || !isDeepStrictEqual(old?.advice.get(key), object.advice.get(key))) this.#queue.add(key);
  }
}

function keysOf({ namespace, target }: Autoscaler): string[] {
  return target === undefined ? [] : [targetKey(namespace, target)];
}
