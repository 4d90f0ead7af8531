import type { NodeView } from "../node.ts";
import type { PriceBook } from "./book.ts";
import type { Money } from "./money.ts";
import { coresIn, gibibytesIn, priceOf } from "./node-price.ts";
import { costsOf } from "./split.ts";

/** What resources cost an hour, on average over the nodes that have a price. Not whole: they are to be multiplied. */
export interface Rates {
  /** Of a core. */
  cpu: Money;
  /** Of a GiB. */
  memory: Money;
}

/** What a core and a GiB of memory cost, by what nodes of these prices let pods have; undefined: no node has a price. */
export function ratesOf(nodes: readonly Pick<NodeView, "labels" | "capacity" | "allocatable">[], book: PriceBook): Rates | undefined {
  const all = { cpu: 0, memory: 0, cores: 0, gibibytes: 0 };
  for (const node of nodes) {
    const { perHour } = priceOf(node, book);
    if (perHour === undefined) continue;
    const costs = costsOf(node, perHour, book);
    all.cpu += costs.cpu;
    all.memory += costs.memory;
    all.cores += coresIn(node.allocatable);
    all.gibibytes += gibibytesIn(node.allocatable);
  }
  if (all.cores === 0 || all.gibibytes === 0) return undefined;
  return { cpu: all.cpu / all.cores, memory: all.memory / all.gibibytes };
}
