import type { PodMetrics } from "@plimsoll/kube";
import { parseQuantity } from "@plimsoll/model";
import type { Rejection, SizedContainer, SizedPod } from "@plimsoll/model/sizing";

/** What one container used. */
export interface Sample {
  container: string;
  /** When: the end of the time that it was measured over. Milliseconds since 1970. */
  at: number;
  /** Thousandths of a core. */
  cpu: number;
  /** Bytes. */
  memory: number;
}

/** What is taken of a pod's metrics, and what makes no sense in them. */
export interface Taken {
  samples: Sample[];
  oddities: string[];
}

/** Clocks of two machines are never quite the same. */
const leeway = 60_000;
/** How long after a pod's start, or the last word of it, there must be one. */
const patience = 5 * 60_000;
/** By how much of its limit a container may be seen to use more: the kernel holds it to that, but not to the moment. */
const overLimit = { cpu: 2, memory: 1.1 } as const;

/**
 * Takes of a pod's metrics what its containers used, where that is newer than `last`, the time of what was taken before. What can't be is left
 * out, and told.
 */
export function take(metrics: Pick<PodMetrics, "timestamp" | "containers">, pod: SizedPod, last: number | undefined, now: number): Taken {
  const at = Date.parse(metrics.timestamp ?? "");
  const title = `pod ${pod.namespace}/${pod.name}`;
  if (Number.isNaN(at)) return odd(`${title}: the time ${said(metrics.timestamp)} is none`);
  if (at > now + leeway) return odd(`${title}: the time ${metrics.timestamp} is still to come`);
  if (last !== undefined && at < last - leeway)
    return odd(`${title}: the time ${metrics.timestamp} is before the last one, ${new Date(last).toISOString().slice(0, 19)}Z`);
  const isOfAnother = at <= pod.createdAt;
  if (isOfAnother && now > pod.createdAt + leeway)
    return odd(`${title}: the time ${metrics.timestamp} is before it was made, and so is of another of its name, or a clock is wrong`);
  // The same again, or of a pod that has only just made way for this one.
  if ((last !== undefined && at <= last) || isOfAnother) return { samples: [], oddities: [] };
  const taken: Taken = { samples: [], oddities: [] };
  const containers = Array.isArray(metrics.containers) ? metrics.containers : [];
  for (const { name, usage } of containers) {
    const container = pod.shape.containers.find((one) => one.name === name);
    if (container === undefined) continue;
    const [cpu, memory] = [amountOf("cpu", usage, container), amountOf("memory", usage, container)];
    if (typeof cpu === "string" || typeof memory === "string")
      taken.oddities.push(`${title}, container ${name}: ${[cpu, memory].filter((one) => typeof one === "string").join(", ")}`);
    else taken.samples.push({ container: name, at, cpu, memory });
  }
  return taken;
}

/** A pod that runs, and since when nothing is said of it, or nothing new; undefined: something is. `last`: the time of the last word of it. */
export function silenceOf({ namespace, name, runsSince }: SizedPod, last: number | undefined, now: number): string | undefined {
  const since = Math.max(runsSince ?? Infinity, last ?? -Infinity);
  if (now - since < patience) return undefined;
  const text = `${new Date(since).toISOString().slice(0, 19)}Z`;
  return `pod ${namespace}/${name} (nothing ${last === undefined ? "" : "new "}since ${text})`;
}

/** In thousandths of a core, or bytes; a text says why it can't be. */
function amountOf(
  resource: "cpu" | "memory",
  usage: Readonly<Record<string, unknown>> | undefined,
  { limits }: SizedContainer,
): number | string {
  const value = usage?.[resource];
  if (value === undefined) return `${resource} is missing`;
  const nano = typeof value === "string" || typeof value === "number" ? parseQuantity(value) : undefined;
  if (nano === undefined) return `${resource} ${said(value)} is no quantity`;
  if (nano < 0n) return `${resource} ${said(value)} is less than nothing`;
  const amount = Number(nano) / (resource === "cpu" ? 1e6 : 1e9);
  const limit = limits[resource] ?? Infinity;
  return amount > limit * overLimit[resource] ? `${resource} ${said(value)} is more than its limit lets it have` : amount;
}

function odd(text: string): Taken {
  return { samples: [], oddities: [text] };
}

function said(value: unknown): string {
  const text = JSON.stringify(value) ?? "(missing)";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** What is told of a sample that is none by what is known of its container. */
export function toldRejection(
  { namespace, name }: SizedPod,
  { container, cpu, memory }: Sample,
  rejection: Exclude<Rejection, "Stale">,
): string {
  const why = {
    Invalid: "is no use",
    Implausible: "is more than there can be",
    Future: "is of a time to come",
    TooOld: "is older than all that counts",
    Jump: "is more than ten times all before, and counts when another sample says so, too",
  }[rejection];
  return `pod ${namespace}/${name}, container ${container}: ${Math.round(cpu)}m of CPU, ${Math.round(memory / 1024 ** 2)}Mi of memory ${why}`;
}
