import type { RunHistory, StepHistory } from "../inventory/history.ts";
import { stepLabel } from "../inventory/history.ts";
import { byPlace, placeOf, type InventoryBy, type Place } from "../inventory/inventory.ts";
import { Owners } from "../owners.ts";
import { isFinished, type PodView } from "../pod.ts";
import { labelOf } from "../selector.ts";
import type { Snapshot } from "../inventory/snapshot.ts";
import type { PriceBook } from "./book.ts";
import type { CostOptions } from "./cost.ts";
import type { Money } from "./money.ts";
import { coresIn, gibibytesIn, gpusIn, priceOf } from "./node-price.ts";
import { chargedOf, costsOf, paid } from "./split.ts";

/** What the pods of one namespace, workload, pipeline, run or label's value have cost in some time. */
export interface SpentRow extends Required<Place> {
  pods: number;
  /** How long they ran in that time, together. */
  seconds: number;
  cost: Money;
  /** At most what pods cost that are gone, as the status of their run says. */
  atMost: Money;
  /** Of the pods, those that ask for neither CPU nor memory. */
  without: number;
}

/** What has been paid for in some time, as far as the API server still knows. Times are milliseconds since 1970. */
export interface SpentReport {
  currency: string;
  since: number;
  until: number;
  /** What the nodes that are there cost in that time. */
  nodes: Money;
  /** What of it was idle, or went to pods that are gone. */
  unaccounted: Money;
  rows: SpentRow[];
  /** Pods whose node is gone or has no price: they are charged with what nodes cost on average. */
  elsewhere: number;
  /** Pods of which nobody knows when they ended: they are left out. */
  endless: number;
}

/** In which time, where, and of which pods and runs; by default of all. */
export interface SpentOptions extends CostOptions {
  since: number;
  until: number;
  /** Which runs' pods that are gone count. */
  onlyRun?: (run: RunHistory) => boolean;
}

/** What a core, a GiB and a GPU cost an hour. */
type Rates = Readonly<Record<(typeof paid)[number], number>>;

const hour = 3_600_000;
const amountsOf = { cpu: coresIn, memory: gibibytesIn, gpu: gpusIn };

/** What has been paid for, by whom. */
export function spentOf(
  snapshot: Snapshot,
  book: PriceBook,
  { by, since, until, only = () => true, onlyRun = () => true }: SpentOptions,
): SpentReport {
  const owners = new Owners(snapshot.controllers, snapshot.pods);
  const usedBy = new Map((snapshot.usage?.pods ?? []).map(({ namespace, name, used }) => [`${namespace}/${name}`, used]));
  const overlap = (from: number, to: number): number => Math.max(0, Math.min(to, until) - Math.max(from, since));
  const { ratesByNode, average, nodes } = ratesOf(snapshot, book, overlap);
  const rows = new Map<string, SpentRow>();
  const rowOf = ({ name, namespace, kind }: Place): SpentRow => {
    const key = JSON.stringify([namespace, kind, name]);
    const row = rows.get(key) ?? { name, namespace, kind, pods: 0, seconds: 0, cost: 0, atMost: 0, without: 0 };
    rows.set(key, row);
    return row;
  };
  let [accounted, elsewhere, endless] = [0, 0, 0];
  const known = new Map<string, number>();
  for (const pod of snapshot.pods) {
    const step = labelOf(pod.shape.labels, stepLabel);
    const of = `${pod.owner?.uid} ${step}`;
    known.set(of, (known.get(of) ?? 0) + 1);
    if (pod.node === undefined || pod.startedAt === undefined || !only(pod)) continue;
    const end = isFinished(pod) ? pod.finishedAt : until;
    if (end === undefined) endless += 1;
    if (end === undefined || end < since || pod.startedAt > until) continue;
    const time = overlap(pod.startedAt, end);
    const row = rowOf(placeOf(pod, by, owners));
    const rates = ratesByNode.get(pod.node);
    const cost = costFor(pod, usedBy.get(`${pod.namespace}/${pod.name}`), rates ?? average, time);
    row.pods += 1;
    row.seconds += time / 1_000;
    row.cost += cost;
    if (!pod.requests["cpu"] && !pod.requests["memory"]) row.without += 1;
    if (rates === undefined) elsewhere += 1;
    else accounted += cost;
  }
  for (const run of (snapshot.history?.runs ?? []).filter(onlyRun))
    for (const step of run.steps) {
      const gone = step.started - (known.get(`${run.uid} ${step.name}`) ?? 0);
      const time = overlap(step.startedAt, step.finishedAt ?? until);
      if (gone > 0 && time > 0) rowOf(placeOfRun(run, by)).atMost += Math.min(gone, step.atOnce) * costFor(step, undefined, average, time);
    }
  return {
    currency: book.currency,
    since,
    until,
    nodes,
    unaccounted: Math.max(0, nodes - accounted),
    rows: [...rows.values()].sort(byPlace),
    elsewhere,
    endless,
  };
}

/** What is paid for on each node that has a price, and on all of them together. */
function ratesOf(snapshot: Snapshot, book: PriceBook, overlap: (from: number, to: number) => number) {
  const ratesByNode = new Map<string, Rates>();
  const costs = { cpu: 0, memory: 0, gpu: 0 };
  const amounts = { cpu: 0, memory: 0, gpu: 0 };
  let nodes = 0;
  for (const node of snapshot.nodes) {
    const { perHour } = priceOf(node, book);
    if (perHour === undefined) continue;
    nodes += Math.round((perHour * overlap(node.createdAt, Number.MAX_SAFE_INTEGER)) / hour);
    const own = costsOf(node, perHour, book);
    for (const what of paid) {
      costs[what] += own[what];
      amounts[what] += amountsOf[what](node.allocatable);
    }
    ratesByNode.set(
      node.name,
      quotientOf(own, (what) => amountsOf[what](node.allocatable)),
    );
  }
  return { ratesByNode, average: quotientOf(costs, (what) => amounts[what]), nodes };
}

function quotientOf(costs: Rates, amountOf: (what: (typeof paid)[number]) => number): Rates {
  const quotient = (what: (typeof paid)[number]): number => (amountOf(what) === 0 ? 0 : costs[what] / amountOf(what));
  return { cpu: quotient("cpu"), memory: quotient("memory"), gpu: quotient("gpu") };
}

function costFor(of: Pick<PodView, "requests"> | StepHistory, used: Parameters<typeof chargedOf>[1], rates: Rates, time: number): Money {
  const charged = chargedOf(of, used);
  return Math.round((paid.reduce((all, what) => all + charged[what] * rates[what], 0) * time) / hour);
}

function placeOfRun({ namespace, name, pipeline }: RunHistory, by: InventoryBy): Place {
  switch (by) {
    case "namespace":
      return { name: namespace };
    case "workload":
      return { kind: "PipelineRun", namespace, name };
    case "pipeline":
      return { name: pipeline, namespace };
    case "run":
      return { name, namespace };
    default:
      return { name: undefined };
  }
}
