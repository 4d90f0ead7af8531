import type { NodeView } from "../node.ts";
import type { PodView } from "../pod.ts";
import type { Amounts } from "../amounts/requests.ts";
import type { PriceBook } from "./book.ts";
import { apportion, type Money } from "./money.ts";
import { coresIn, gibibytesIn, gpusIn } from "./node-price.ts";

/** What is paid for on a node. */
export const paid = ["cpu", "memory", "gpu"] as const;

/** What something costs an hour, by what it is paid for. */
export type Costs = Readonly<Record<(typeof paid)[number], Money>>;

const amountsOf = { cpu: coresIn, memory: gibibytesIn, gpu: gpusIn };

/** Divides a node's price into what its cores, its memory and its GPUs cost, by what of them pods may take and the book's weights. */
export function costsOf({ allocatable }: Pick<NodeView, "allocatable">, perHour: Money, { weights }: Pick<PriceBook, "weights">): Costs {
  const parts = paid.map((key) => ({ key, weight: weights[key] * Math.max(0, amountsOf[key](allocatable)) }));
  const isEmpty = parts.every(({ weight }) => weight === 0);
  // A node that has nothing to give, as one that is only just coming, costs no less.
  const shares = apportion(perHour, isEmpty ? [{ key: "cpu", weight: 1 }] : parts);
  return { cpu: shares.get("cpu") ?? 0, memory: shares.get("memory") ?? 0, gpu: shares.get("gpu") ?? 0 };
}

/** What a pod is charged with: what it asks for; of what it doesn't ask for, what it uses, as far as that is known. */
export function chargedOf({ requests }: Pick<PodView, "requests">, used: Amounts = {}): Readonly<Record<(typeof paid)[number], number>> {
  const charged = (what: (typeof paid)[number]): number => Math.max(0, amountsOf[what](requests) || amountsOf[what](used));
  return { cpu: charged("cpu"), memory: charged("memory"), gpu: charged("gpu") };
}

/** A pod that is on a node. */
export type Placed = Pick<PodView, "uid" | "requests"> & { used?: Amounts | undefined };

/** What the pods of a node cost, and what is left. All together are the node's price. */
export interface Split {
  node: Costs;
  byPod: ReadonlyMap<string, Costs>;
  idle: Costs;
}

/** Shares a node's price out to its pods. Where they are charged with more than there is, each bears its part, and nothing is idle. */
export function splitOf(
  node: Pick<NodeView, "allocatable">,
  perHour: Money,
  pods: readonly Placed[],
  book: Pick<PriceBook, "weights">,
): Split {
  const costs = costsOf(node, perHour, book);
  // Always in the same order: sums of fractions depend on it.
  const sorted = pods.toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
  const charged = new Map(sorted.map((pod) => [pod.uid, chargedOf(pod, pod.used)]));
  const shares = Object.fromEntries(
    paid.map((what) => {
      const parts = [...charged].map(([uid, amounts]) => ({ key: `pod ${uid}`, weight: amounts[what] }));
      const taken = parts.reduce((all, { weight }) => all + weight, 0);
      const left = Math.max(0, amountsOf[what](node.allocatable) - taken);
      const idle = { key: "idle", weight: taken + left === 0 ? 1 : left };
      return [what, apportion(costs[what], [...parts, idle])];
    }),
  ) as Record<(typeof paid)[number], Map<string, Money>>;
  const of = (key: string): Costs => ({
    cpu: shares.cpu.get(key) ?? 0,
    memory: shares.memory.get(key) ?? 0,
    gpu: shares.gpu.get(key) ?? 0,
  });
  return { node: costs, byPod: new Map(pods.map(({ uid }) => [uid, of(`pod ${uid}`)])), idle: of("idle") };
}

/** What some costs come to. */
export function totalOf({ cpu, memory, gpu }: Costs): Money {
  return cpu + memory + gpu;
}
