import type { WorkloadSet } from "@plimsoll/api";
import { splitKey, type CacheEvent, type Stored, type View, type WorkQueue } from "@plimsoll/kube";
import type { Language } from "../../expressions.ts";
import type { Further } from "../../feature.ts";
import type { WorkloadsConfig } from "../config.ts";
import { labels } from "../labels.ts";
import { sourceMapOf, type SourceMap } from "../objects/source.ts";
import type { WorkloadsRuntime } from "../permissions.ts";
import { WorkloadsMetrics } from "./metrics.ts";
import { objectKinds } from "./object-kind.ts";
import { Objects } from "./objects.ts";
import { Renderings } from "./renderings.ts";
import { Sets } from "./sets.ts";
import { withoutManagers } from "../../without-managers.ts";

/** Sets worked on at once. */
const width = 20;

/** The feature's loop: watches sets, their sources and their objects, and has those reconciled that a change concerns. */
export class WorkloadsController {
  readonly #runtime: WorkloadsRuntime;
  readonly #sets: View<WorkloadSet, Stored<WorkloadSet>, "source">;
  readonly #sources: View<never, SourceMap>;
  readonly #objects: Objects;
  readonly #queue: WorkQueue;
  readonly #reconciler: Sets;

  constructor(runtime: WorkloadsRuntime, config: WorkloadsConfig, language: Language, further: Further | undefined) {
    this.#runtime = runtime;
    this.#sets = runtime.view("workloadsets.plimsoll.dev", {
      project: withoutManagers,
      indexes: {
        source: ({ metadata, spec }) => (spec.source === undefined ? [] : [`${metadata.namespace}/${spec.source.configMap.name}`]),
      },
    });
    this.#sources = runtime.view("configmaps", { project: sourceMapOf as never, select: { labelSelector: labels.source } }) as never;
    this.#objects = new Objects(objectKinds(further, language), runtime.clock);
    this.#queue = runtime.queue("workloads");
    const seen = (key: string): WorkloadSet | undefined => this.#sets.get(...splitKey(key));
    const source = (namespace: string, name: string) => this.#sources.get(namespace, name);
    const renderings = new Renderings({ language, kinds: config.kinds, source, seen });
    const metrics = new WorkloadsMetrics(runtime.metrics, {
      sets: () => this.#sets.size,
      invalid: () => renderings.invalid,
      objects: () => this.#objects.size,
      unlike: (type) => this.#unlike(type),
    });
    this.#reconciler = new Sets({
      ...runtime,
      seen,
      again: (key, after) => this.#queue.addAfter(key, after),
      renderings,
      objects: this.#objects,
      metrics,
    });
  }

  /** Works, once this process leads, until the runtime's signal aborts. */
  async run(): Promise<void> {
    const { synced, elected, signal } = this.#runtime;
    await Promise.all([synced(), elected]);
    this.#reconciler.begin([...this.#sets.values()]);
    this.#sets.on((event) => this.#setChanged(event));
    this.#objects.on((namespace, set) => this.#queue.add(`${namespace}/${set}`));
    this.#sources.on(({ object: { namespace, name } }) => {
      for (const { metadata } of this.#sets.by("source", `${namespace}/${name}`)) this.#queue.add(`${metadata.namespace}/${metadata.name}`);
    });
    await this.#queue.run(width, (key) => this.#reconciler.reconcile(key), signal);
  }

  #setChanged(event: CacheEvent<WorkloadSet>): void {
    const { namespace = "", name = "", uid = "", generation } = event.object.metadata;
    const key = `${namespace}/${name}`;
    if (event.type === "delete") {
      this.#queue.forget(key);
      this.#reconciler.forget(key, uid);
    } else if (event.type === "add" || event.old.metadata.generation !== generation) this.#queue.add(key);
  }

  /** How many sets aren't as they should be, by a condition. */
  #unlike(type: string): number {
    const is = type === "Drifted" ? "True" : "False";
    return [...this.#sets.values()].filter(({ status }) => status?.conditions?.some((one) => one.type === type && one.status === is))
      .length;
  }
}
