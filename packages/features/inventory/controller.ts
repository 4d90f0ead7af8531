import { parseDuration } from "@plimsoll/api";
import type { View } from "@plimsoll/kube";
import {
  autoscalerView,
  budgetView,
  claimView,
  jobView,
  nodeView,
  podView,
  replicaSetView,
  runView,
  volumeView,
  type ControllerView,
  type PodView,
} from "@plimsoll/model";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { once } from "node:events";
import { countedOf } from "./big-data.ts";
import type { InventoryConfig } from "./config.ts";
import { Custom } from "./custom.ts";
import { figuresOf, type Known } from "./figures.ts";
import { Homes } from "./homes.ts";
import { InventoryMetrics } from "./metrics.ts";
import type { InventoryRuntime } from "./permissions.ts";
import { Stock } from "./stock.ts";
import { Use } from "./use.ts";

/** What is kept of owners, however they are found. */
type Controllers = Pick<View<object, ControllerView>, "get" | "on">;

/** The feature's loop: adds up what pods ask for as they come and go, and asks now and then what is used. */
export class InventoryController {
  readonly #runtime: InventoryRuntime;
  readonly #config: InventoryConfig;
  readonly #pods: View<Pod, PodView, "node" | "namespace">;
  readonly #controllers: Readonly<Record<string, Controllers>>;
  readonly #known: Known & { use: Use; custom: Custom };
  readonly #metrics: InventoryMetrics;

  constructor(runtime: InventoryRuntime, config: InventoryConfig) {
    this.#runtime = runtime;
    this.#config = config;
    this.#pods = runtime.view("pods", podView);
    this.#controllers = {
      ReplicaSet: runtime.view("replicasets.apps", replicaSetView),
      Job: runtime.view("jobs.batch", jobView),
      PipelineRun: runtime.view("pipelineruns.plimsoll.dev", runView),
    };
    const homes = new Homes(({ kind, name, uid }, namespace) => {
      const controller = this.#controllers[kind]?.get(namespace, name);
      return controller?.uid === uid ? controller : undefined;
    });
    this.#known = {
      nodes: runtime.view("nodes", nodeView),
      claims: runtime.view("persistentvolumeclaims", claimView),
      volumes: runtime.view("persistentvolumes", volumeView),
      budgets: runtime.view("poddisruptionbudgets.policy", budgetView),
      autoscalers: runtime.view("horizontalpodautoscalers.autoscaling", autoscalerView),
      stock: new Stock(homes),
      use: new Use(runtime, this.#pods, homes),
      custom: new Custom(runtime, countedOf(config)),
    };
    this.#metrics = new InventoryMetrics(runtime.metrics, config);
  }

  /** Works, once this process leads, until the runtime's signal aborts. */
  async run(): Promise<void> {
    const { synced, elected, signal } = this.#runtime;
    await Promise.all([synced(), elected]);
    const { stock, use, custom } = this.#known;
    for (const controllers of Object.values(this.#controllers))
      controllers.on(({ type, object }) => {
        if (type === "add") stock.homes.came(object);
      });
    this.#pods.on((event) => stock.observe(event));
    this.#metrics.tell(figuresOf(this.#known));
    const { usageInterval, customInterval } = this.#config;
    await Promise.all([
      this.#every(parseDuration(usageInterval), () => use.ask([...stock.byNamespace.keys()])),
      this.#every(custom.isIdle ? 0 : parseDuration(customInterval), () => custom.count()),
    ]);
    if (!signal.aborted) await once(signal, "abort");
  }

  /** Does something again and again, a pause between, until the signal aborts; never where the pause is none. */
  async #every(pause: number, what: () => Promise<void>): Promise<void> {
    const { clock, signal } = this.#runtime;
    if (pause === 0) return;
    while (!signal.aborted) {
      await what();
      await clock.sleep(pause, signal).catch(() => {});
    }
  }
}
