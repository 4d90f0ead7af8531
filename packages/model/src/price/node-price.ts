import type { NodeView } from "../node.ts";
import type { Amounts } from "../amounts/requests.ts";
import { labelOf, type Labels } from "../selector.ts";
import type { PriceBook, Where } from "./book.ts";
import { moneyOf, type Money } from "./money.ts";

/** What a node costs. */
export interface NodePrice {
  /** An hour; undefined: nobody has said. */
  perHour: Money | undefined;
  /** Whether the book names it, or it is reckoned of its resources; undefined: neither. */
  basis: "listed" | "fallback" | undefined;
  /** Empty: the node doesn't say. */
  instanceType: string;
  isSpot: boolean;
  /** Of a spot node: whether the book says how much cheaper that is. Otherwise the full price stands. */
  isDiscounted: boolean;
}

/** The resources that are GPUs, or stand for one: what a node has of them is counted together. */
export const gpuResources = [
  "nvidia.com/gpu",
  "amd.com/gpu",
  "gpu.intel.com/i915",
  "gpu.intel.com/xe",
  "google.com/tpu",
  "aws.amazon.com/neuron",
  "habana.ai/gaudi",
] as const;

/** By which labels, each with its value, clouds and autoscalers tell a node that may be taken away. */
const spotLabels: readonly (readonly [string, string])[] = [
  ["eks.amazonaws.com/capacityType", "SPOT"],
  ["karpenter.sh/capacity-type", "spot"],
  ["cloud.google.com/gke-spot", "true"],
  ["cloud.google.com/gke-preemptible", "true"],
  ["kubernetes.azure.com/scalesetpriority", "spot"],
  ["spotinst.io/node-lifecycle", "spot"],
  ["node.kubernetes.io/lifecycle", "spot"],
];

/** The label of what a resource is found by, and the one that it had before Kubernetes 1.17. */
const names = {
  instanceType: ["node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"],
  region: ["topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"],
  zone: ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"],
} as const;

/** What a node costs by a price book: by the first entry that is for it, else by its resources. */
export function priceOf({ labels, capacity }: Pick<NodeView, "labels" | "capacity">, book: PriceBook): NodePrice {
  const instanceType = firstOf(labels, names.instanceType) ?? "";
  const isSpot = spotLabels.some(([name, value]) => labelOf(labels, name) === value);
  const gpus = gpusIn(capacity);
  for (const entry of book.prices) {
    if (!isFor(entry, labels)) continue;
    const price = entry.perHour ?? (Object.hasOwn(entry.instances ?? {}, instanceType) ? entry.instances?.[instanceType] : undefined);
    if (price === undefined) continue;
    const gpu = book.gpus.find((gpu) => isFor(gpu, labels));
    const factors = isSpot ? [entry.spot ?? book.spot, gpu?.spot ?? book.spot] : [1, 1];
    return {
      perHour: moneyOf(price * (factors[0] ?? 1) + gpus * (gpu?.perHour ?? 0) * (factors[1] ?? 1)),
      basis: "listed",
      instanceType,
      isSpot,
      isDiscounted: factors[0] !== undefined,
    };
  }
  const { fallback } = book;
  if (fallback === undefined) return { perHour: undefined, basis: undefined, instanceType, isSpot, isDiscounted: false };
  const price = fallback.cpu * coresIn(capacity) + fallback.memory * gibibytesIn(capacity) + fallback.gpu * gpus;
  return {
    perHour: moneyOf(price * (isSpot ? (book.spot ?? 1) : 1)),
    basis: "fallback",
    instanceType,
    isSpot,
    isDiscounted: book.spot !== undefined,
  };
}

function isFor({ region, zone, labels: wanted = {} }: Where, labels: Labels): boolean {
  return (
    isOneOf(region, firstOf(labels, names.region)) &&
    isOneOf(zone, firstOf(labels, names.zone)) &&
    Object.entries(wanted).every(([name, value]) => labelOf(labels, name) === value)
  );
}

function isOneOf(wanted: string | readonly string[] | undefined, value: string | undefined): boolean {
  return wanted === undefined || (value !== undefined && (typeof wanted === "string" ? wanted === value : wanted.includes(value)));
}

/** The value of the first of some labels that is there. */
function firstOf(labels: Labels, names: readonly string[]): string | undefined {
  return names.map((name) => labelOf(labels, name)).find((value) => value !== undefined);
}

/** How many cores some amounts are. */
export function coresIn(amounts: Amounts): number {
  return (amounts["cpu"] ?? 0) / 1_000;
}

/** How many GiB of memory some amounts are. */
export function gibibytesIn(amounts: Amounts): number {
  return (amounts["memory"] ?? 0) / 1024 ** 3;
}

/** How many GPUs some amounts are. */
export function gpusIn(amounts: Amounts): number {
  return gpuResources.reduce((all, name) => all + (amounts[name] ?? 0), 0);
}
