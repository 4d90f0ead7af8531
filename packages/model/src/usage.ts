import { amounts, sum, type Amounts } from "./amounts/requests.ts";

type List = Readonly<Record<string, string>>;

/** As metrics.k8s.io/v1beta1 has it. */
export interface NodeMetrics {
  metadata?: { name?: string | undefined };
  usage?: List;
}

/** As metrics.k8s.io/v1beta1 has it. */
export interface PodMetrics {
  metadata?: { namespace?: string | undefined; name?: string | undefined };
  containers?: readonly { name: string; usage: List }[];
}

/** What a node uses, with what runs there beside pods. */
export interface NodeUsage {
  name: string;
  used: Amounts;
}

/** What a pod's containers use together. */
export interface PodUsage {
  namespace: string;
  name: string;
  used: Amounts;
}

/** Takes of the metrics of a node what is kept. */
export function nodeUsageOf({ metadata = {}, usage }: NodeMetrics): NodeUsage {
  return { name: metadata.name ?? "", used: amounts(usage) };
}

/** Takes of the metrics of a pod what is kept. */
export function podUsageOf({ metadata = {}, containers = [] }: PodMetrics): PodUsage {
  return { namespace: metadata.namespace ?? "", name: metadata.name ?? "", used: sum(...containers.map(({ usage }) => amounts(usage))) };
}
