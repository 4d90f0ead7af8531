import { sum, type Amounts, type AutoscalerView, type Budget, type ClaimView, type NodeView, type VolumeView } from "@plimsoll/model";
import type { Custom } from "./custom.ts";
import type { Home } from "./homes.ts";
import type { Counted, Figures } from "./metrics.ts";
import type { Stock } from "./stock.ts";
import type { Use } from "./use.ts";

interface Viewed<T> {
  values(): Iterable<T>;
}

/** What figures are made of. */
export interface Known {
  nodes: Viewed<NodeView>;
  claims: Viewed<ClaimView>;
  volumes: Viewed<VolumeView>;
  budgets: Viewed<Budget>;
  autoscalers: Viewed<AutoscalerView>;
  stock: Stock;
  use: Pick<Use, "last">;
  custom: Pick<Custom, "counts">;
}

/** The figures of what is known, as it is when they are asked for. */
export function figuresOf({ nodes, claims, volumes, budgets, autoscalers, stock, use, custom }: Known): Figures {
  return {
    *nodes() {
      const used = use.last?.byNode;
      for (const { name, allocatable } of nodes.values()) {
        const requested = stock.byNode.get(name)?.requested ?? {};
        yield { labels: { node: name }, allocatable, requested, used: used?.get(name) };
      }
    },
    *namespaces() {
      const used = use.last?.byNamespace;
      for (const [name, { pods, without, requested }] of stock.byNamespace)
        yield { labels: { in_namespace: name }, pods, without, requested, used: used?.get(name) };
    },
    *kinds() {
      for (const [kind, homes] of Map.groupBy(stock.homes.values(), ({ kind }) => kind))
        yield { labels: { kind }, ...together(homes, use.last?.byHome) };
    },
    *pipelines() {
      const homes = [...stock.homes.values()].filter(({ pipeline }) => pipeline !== undefined);
      for (const of of Map.groupBy(homes, ({ pipeline }) => `${pipeline?.namespace}/${pipeline?.name}`).values()) {
        const [{ pipeline } = {}] = of;
        if (pipeline === undefined) continue;
        yield { labels: { in_namespace: pipeline.namespace, pipeline: pipeline.name }, ...together(of, use.last?.byHome) };
      }
    },
    readyNodes: () =>
      counted(nodes.values(), ({ ready, isUnschedulable }) => ({
        ready: String(ready.status === "True"),
        cordoned: String(isUnschedulable),
      })),
    pendingPods: () => [{ labels: {}, value: stock.all.pending }],
    claims: () => counted(claims.values(), placeOf),
    claimBytes: () => counted(claims.values(), placeOf, ({ requested }) => requested),
    volumeBytes: () => counted(volumes.values(), placeOf, ({ capacity }) => capacity),
    budgets: () => counted(budgets.values(), ({ status }) => ({ allows: String(status.disruptionsAllowed > 0) })),
    autoscalers: () => counted(autoscalers.values(), ({ current, max }) => ({ at_maximum: String(current >= max) })),
    custom: () =>
      custom.counts.map(({ group, resource, namespace, count }) => ({
        labels: { group, resource, in_namespace: namespace },
        value: count,
      })),
    usageAt: () => (use.last === undefined ? [] : [{ labels: {}, value: use.last.at / 1_000 }]),
  };
}

const placeOf = (storage: ClaimView | VolumeView) => ({ storage_class: storage.class, phase: storage.phase });

function together(homes: readonly Home[], used: ReadonlyMap<Home, Amounts> | undefined) {
  const usedBy = homes.map((home) => used?.get(home)).filter((amounts) => amounts !== undefined);
  return {
    pods: homes.reduce((all, { tally }) => all + tally.pods, 0),
    requested: sum(...homes.map(({ tally }) => tally.requested)),
    used: usedBy.length === 0 ? undefined : sum(...usedBy),
  };
}

function counted<T>(of: Iterable<T>, labelsOf: (one: T) => Record<string, string>, amountOf: (one: T) => number = () => 1): Counted[] {
  const found = new Map<string, Counted>();
  for (const one of of) {
    const labels = labelsOf(one);
    const key = JSON.stringify(labels);
    found.set(key, { labels, value: (found.get(key)?.value ?? 0) + amountOf(one) });
  }
  return [...found.values()];
}
