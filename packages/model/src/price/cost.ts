import { byPlace, placeOf, type InventoryBy, type Place } from "../inventory/inventory.ts";
import { Owners } from "../owners.ts";
import { isFinished, type PodView } from "../pod.ts";
import type { Amounts } from "../amounts/requests.ts";
import type { Snapshot } from "../inventory/snapshot.ts";
import type { PriceBook } from "./book.ts";
import type { Money } from "./money.ts";
import { coresIn, gibibytesIn, priceOf, type NodePrice } from "./node-price.ts";
import { paid, splitOf, totalOf, type Costs, type Split } from "./split.ts";

/** What the pods of one node, namespace, workload, pipeline, run or label's value cost an hour. */
export interface CostRow extends Required<Place> {
  pods: number;
  /** With what is idle, where it is a node's. */
  cost: Money;
  ofCpu: Money;
  ofMemory: Money;
  ofGpu: Money;
  /** Of a node, what no pod is charged with; of others, 0. */
  idle: Money;
  /** Of what the CPU and memory of pods cost whose use is known, what is used of it. */
  used: Money;
  /** What they cost. */
  measured: Money;
  /** Of the pods, those that ask for neither CPU nor memory: charged with what they use, or with nothing where that isn't known. */
  without: number;
  /** Of these, those of which nobody knows what they use: they cost nothing. */
  unmeasured: number;
  /** Of the pods, those on no node: nothing is paid for them. */
  pending: number;
  /** Of the pods, those on a node whose price nobody has said. */
  unpriced: number;
}

/** What a node costs, and what it costs by the book. */
export interface PricedNode extends NodePrice {
  name: string;
}

/** What a cluster costs an hour. */
export interface CostReport {
  currency: string;
  /** All nodes whose price is known: what the rows cost, and what is idle beside them. */
  total: Money;
  idle: Money;
  rows: CostRow[];
  nodes: PricedNode[];
}

/** Which pods count, and where. */
export interface CostOptions {
  by: InventoryBy;
  /** Which pods have rows; all share what nodes cost. By default all have. */
  only?: (pod: PodView) => boolean;
}

/** What a cluster costs an hour, and who. */
export function costOf(snapshot: Snapshot, book: PriceBook, { by, only = () => true }: CostOptions): CostReport {
  const owners = new Owners(snapshot.controllers, snapshot.pods);
  const usedBy = new Map((snapshot.usage?.pods ?? []).map(({ namespace, name, used }) => [`${namespace}/${name}`, used]));
  const usedOf = ({ namespace, name }: PodView): Amounts | undefined => usedBy.get(`${namespace}/${name}`);
  const pods = snapshot.pods.filter((pod) => !isFinished(pod));
  const byNode = Map.groupBy(pods, ({ node }) => node);
  const nodes = snapshot.nodes.map((node): PricedNode => ({ name: node.name, ...priceOf(node, book) }));
  const rows = new Map<string, CostRow>();
  const rowOf = ({ name, namespace, kind }: Place): CostRow => {
    const key = JSON.stringify([namespace, kind, name]);
    const row = rows.get(key) ?? { name, namespace, kind, ...nothing };
    rows.set(key, row);
    return row;
  };
  let [total, idle] = [0, 0];
  const splits = new Map<string, Split>();
  for (const [index, node] of snapshot.nodes.entries()) {
    const perHour = nodes[index]?.perHour;
    if (by === "node") rowOf({ name: node.name });
    if (perHour === undefined) continue;
    const placed = (byNode.get(node.name) ?? []).map((pod) => ({ uid: pod.uid, requests: pod.requests, used: usedOf(pod) }));
    const split = splitOf(node, perHour, placed, book);
    splits.set(node.name, split);
    total += perHour;
    idle += totalOf(split.idle);
    if (by !== "node") continue;
    const row = rowOf({ name: node.name });
    addTo(row, split.idle);
    row.idle += totalOf(split.idle);
  }
  for (const pod of pods) {
    if (!only(pod)) continue;
    const row = rowOf(placeOf(pod, by, owners));
    row.pods += 1;
    const used = usedOf(pod);
    if (!pod.requests["cpu"] && !pod.requests["memory"]) {
      row.without += 1;
      if (used === undefined) row.unmeasured += 1;
    }
    if (pod.node === undefined) row.pending += 1;
    const costs = pod.node === undefined ? undefined : splits.get(pod.node)?.byPod.get(pod.uid);
    if (costs === undefined) {
      if (pod.node !== undefined) row.unpriced += 1;
      continue;
    }
    addTo(row, costs);
    if (used === undefined) continue;
    row.measured += costs.cpu + costs.memory;
    row.used +=
      usedPart(costs.cpu, coresIn(used), coresIn(pod.requests)) + usedPart(costs.memory, gibibytesIn(used), gibibytesIn(pod.requests));
  }
  return { currency: book.currency, total, idle, rows: [...rows.values()].sort(byPlace), nodes };
}

const nothing = {
  pods: 0,
  cost: 0,
  ofCpu: 0,
  ofMemory: 0,
  ofGpu: 0,
  idle: 0,
  used: 0,
  measured: 0,
  without: 0,
  unmeasured: 0,
  pending: 0,
  unpriced: 0,
};

function addTo(row: CostRow, costs: Costs): void {
  const [ofCpu, ofMemory, ofGpu] = paid.map((what) => costs[what]) as [Money, Money, Money];
  row.cost += totalOf(costs);
  row.ofCpu += ofCpu;
  row.ofMemory += ofMemory;
  row.ofGpu += ofGpu;
}

/** What isn't asked for is charged as it is used. */
function usedPart(cost: Money, used: number, requested: number): Money {
  return requested === 0 ? cost : Math.round(cost * Math.min(1, used / requested));
}
