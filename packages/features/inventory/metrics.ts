import type { Amounts } from "@plimsoll/model";
import { Gauge, type Registry } from "prom-client";
import type { InventoryConfig } from "./config.ts";
import { others, Places } from "./places.ts";

/** What is said of one node, namespace, kind or pipeline. */
interface Said {
  labels: Record<string, string>;
  pods?: number;
  without?: { cpu: number; memory: number };
  requested?: Amounts;
  allocatable?: Amounts;
  used?: Amounts | undefined;
}

/** Something that there is a number of, by labels. */
export interface Counted {
  labels: Record<string, string>;
  value: number;
}

type What = "pods" | "requested" | "allocatable" | "used" | "without";

/** What the metrics are made of, when they are asked for. */
export interface Figures {
  nodes(): Iterable<Said & { labels: { node: string } }>;
  namespaces(): Iterable<Said & { labels: { in_namespace: string } }>;
  kinds(): Iterable<Said & { labels: { kind: string } }>;
  pipelines(): Iterable<Said & { labels: { in_namespace: string; pipeline: string } }>;
  readyNodes(): Iterable<Counted>;
  pendingPods(): Iterable<Counted>;
  claims(): Iterable<Counted>;
  claimBytes(): Iterable<Counted>;
  volumeBytes(): Iterable<Counted>;
  budgets(): Iterable<Counted>;
  autoscalers(): Iterable<Counted>;
  custom(): Iterable<Counted>;
  usageAt(): Iterable<Counted>;
}

/** What the feature tells Prometheus, once there is something to tell. */
export class InventoryMetrics {
  #figures: Figures | undefined;

  constructor(registry: Registry, { resources, series }: Pick<InventoryConfig, "resources" | "series">) {
    const registers = [registry];
    const gauge = <L extends string>(
      name: string,
      help: string,
      labelNames: readonly L[],
      of: (figures: Figures) => Iterable<Counted>,
    ): void => {
      const made: Gauge = new Gauge({
        name: `plimsoll_inventory_${name}`,
        help,
        labelNames: [...labelNames],
        registers,
        collect: (): void => {
          made.reset();
          // Without labels, it is set to 0.
          if (labelNames.length === 0) made.remove();
          if (this.#figures !== undefined) for (const { labels, value } of of(this.#figures)) made.set(labels, value);
        },
      });
    };
    /** The gauges of what pods are counted by. */
    const grouped = (
      name: string,
      labelNames: readonly string[],
      limit: number,
      of: (figures: Figures) => Iterable<Said>,
      whats: readonly What[],
    ): void => {
      const places = new Places(limit);
      for (const what of whats) {
        const isSimple = what === "pods";
        gauge(
          `${name}_${what === "without" ? "pods_without_request" : what}`,
          `${helps[what]}, by ${name}.`,
          isSimple ? labelNames : [...labelNames, "resource"],
          (figures) => bounded(of(figures), places, what, resources),
        );
      }
    };
    grouped("node", ["node"], series.nodes, (figures) => figures.nodes(), ["allocatable", "requested", "used"]);
    grouped("namespace", ["in_namespace"], series.namespaces, (figures) => figures.namespaces(), ["pods", "without", "requested", "used"]);
    grouped("kind", ["kind"], series.kinds, (figures) => figures.kinds(), ["pods", "requested", "used"]);
    grouped("pipeline", ["in_namespace", "pipeline"], series.pipelines, (figures) => figures.pipelines(), ["pods", "requested", "used"]);
    gauge("nodes", "Nodes, by whether they are ready, and cordoned.", ["ready", "cordoned"], (figures) => figures.readyNodes());
    gauge("pending_pods", "Pods that no node has.", [], (figures) => figures.pendingPods());
    gauge("claims", "PersistentVolumeClaims.", ["storage_class", "phase"], (figures) => figures.claims());
    gauge("claim_bytes", "What PersistentVolumeClaims ask for.", ["storage_class", "phase"], (figures) => figures.claimBytes());
    gauge("volume_bytes", "What PersistentVolumes have.", ["storage_class", "phase"], (figures) => figures.volumeBytes());
    gauge("budgets", "PodDisruptionBudgets, by whether they allow a disruption now.", ["allows"], (figures) => figures.budgets());
    gauge("autoscalers", "HorizontalPodAutoscalers, by whether they are at their maximum.", ["at_maximum"], (figures) =>
      figures.autoscalers(),
    );
    gauge("custom_objects", "Objects of custom resources.", ["group", "resource", "in_namespace"], (figures) => figures.custom());
    gauge("usage_timestamp_seconds", "When metrics.k8s.io last answered.", [], (figures) => figures.usageAt());
  }

  /** Begins to tell. */
  tell(figures: Figures): void {
    this.#figures = figures;
  }
}

const helps = {
  pods: "Pods that have not ended",
  requested: "What pods ask for",
  allocatable: "What pods may take",
  used: "What is used, as metrics.k8s.io said last",
  without: "Pods that ask for nothing of a resource",
};

/** The values of those that have series of their own, and of the others together. CPU is in cores. */
function* bounded(said: Iterable<Said>, places: Places, what: What, resources: readonly string[]): Generator<Counted> {
  const all = Array.from(said, (one) => ({ one, key: Object.values(one.labels).join("\n") }));
  const labelOf = places.labels(all.map(({ key }) => key));
  const rest: Said[] = [];
  for (const { one, key } of all)
    if (labelOf.get(key) === key) yield* valuesOf(one.labels, one, what, resources);
    else rest.push(one);
  const [first] = rest;
  if (first === undefined) return;
  const labels = Object.fromEntries(Object.keys(first.labels).map((name) => [name, others]));
  const sums: Record<string, number> = {};
  for (const one of rest) {
    const amounts = amountsOf(one, what);
    for (const name in amounts) sums[name] = (sums[name] ?? 0) + (amounts[name] ?? 0);
  }
  yield* valuesOf(labels, what === "pods" ? { pods: sums[""] ?? 0 } : { [what]: sums }, what, resources);
}

function amountsOf(one: Omit<Said, "labels">, what: What): Amounts {
  return what === "pods" ? { "": one.pods ?? 0 } : (one[what] ?? {});
}

function* valuesOf(
  labels: Record<string, string>,
  one: Omit<Said, "labels">,
  what: What,
  resources: readonly string[],
): Generator<Counted> {
  const amounts = amountsOf(one, what);
  if (what === "pods") return yield { labels, value: amounts[""] ?? 0 };
  for (const resource of what === "without" ? ["cpu", "memory"] : resources) {
    const value = amounts[resource];
    if (value !== undefined)
      yield { labels: { ...labels, resource }, value: resource === "cpu" && what !== "without" ? value / 1_000 : value };
  }
}
