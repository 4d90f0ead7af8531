import { ApiError, Slice } from "@plimsoll/kube";
import { nodeUsageOf, podUsageOf, sum, type Amounts, type PodView } from "@plimsoll/model";
import type { Home, Homes } from "./homes.ts";
import type { InventoryRuntime } from "./permissions.ts";

/** What nodes and pods used when they were last asked. */
export interface Used {
  /** Milliseconds since 1970. */
  at: number;
  byNode: ReadonlyMap<string, Amounts>;
  byNamespace: ReadonlyMap<string, Amounts>;
  byHome: ReadonlyMap<Home, Amounts>;
}

type Given = Pick<InventoryRuntime, "client" | "clock" | "log" | "retried" | "signal">;

/** Where pods are found by their names. */
interface Pods {
  get(namespace: string, name: string): PodView | undefined;
}

/** Asks metrics.k8s.io what is used. */
export class Use {
  readonly #runtime: Given;
  readonly #pods: Pods;
  readonly #homes: Homes;
  #last: Used | undefined;
  #isAbsent = false;

  constructor(runtime: Given, pods: Pods, homes: Homes) {
    this.#runtime = runtime;
    this.#pods = pods;
    this.#homes = homes;
  }

  /** Undefined: nobody has answered, or nobody does any more. */
  get last(): Used | undefined {
    return this.#last;
  }

  /**
   * Asks again. A metrics server gives no pages, so that pods are asked for a namespace at a time: what has to be parsed in one piece is no more.
   */
  async ask(namespaces: readonly string[]): Promise<void> {
    const { client, clock, log, retried, signal } = this.#runtime;
    const [byNode, byNamespace, byHome] = [new Map<string, Amounts>(), new Map<string, Amounts>(), new Map<Home, Amounts>()];
    const slice = new Slice(clock);
    try {
      for await (const metrics of client("nodes.metrics.k8s.io").list({ signal })) {
        const { name, used } = nodeUsageOf(metrics);
        byNode.set(name, used);
      }
      for (const namespace of namespaces)
        for await (const metrics of client("pods.metrics.k8s.io").list({ namespace, signal })) {
          const { name, used } = podUsageOf(metrics);
          const pod = this.#pods.get(namespace, name);
          if (pod === undefined) continue;
          addTo(byNamespace, namespace, used);
          addTo(byHome, this.#homes.of(pod), used);
          if (slice.isOver) await slice.turn();
        }
    } catch (error) {
      if (signal.aborted) return;
      this.#last = undefined;
      if (!isAbsence(error)) retried("to ask what is used", error);
      else if (!this.#isAbsent) log.info({}, "metrics.k8s.io doesn't answer: nothing is shown as used until a metrics server does");
      this.#isAbsent = isAbsence(error);
      return;
    }
    if (this.#isAbsent) log.info({}, "metrics.k8s.io answers");
    this.#isAbsent = false;
    this.#last = { at: clock.now(), byNode, byNamespace, byHome };
  }
}

/** There is no such API, or nobody behind it. */
function isAbsence(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 404 || error.code === 503);
}

function addTo<K>(sums: Map<K, Amounts>, key: K, used: Amounts): void {
  sums.set(key, sum(sums.get(key) ?? {}, used));
}
