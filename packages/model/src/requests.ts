import type { Container, Pod } from "kubernetes-types/core/v1.d.ts";
import { milliOf, valueOf } from "./quantity.ts";

/** Amounts of resources: of `cpu` in thousandths of a core, of others in their own unit (bytes, devices). */
export type Amounts = Readonly<Record<string, number>>;

/** As far as a pod's requests depend on it. */
export type RequestingPod = Pick<Pod, "spec" | "status">;

type List = Readonly<Record<string, string | number>> | undefined;

/**
 * What a pod takes of a node's room, as the scheduler and `kubectl describe node` count it: the larger of what its containers ask for together
 * and what any init container asks for beside the sidecars that were started before it; of what can be resized in place the larger of what is
 * asked for, given and in force (not what is asked for, where the kubelet says that it can never be); in place of all that, what is asked for
 * the pod as a whole; and its overhead.
 */
export function requestsOf({ spec, status }: RequestingPod): Amounts {
  const given = new Map([...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].map((one) => [one.name, one]));
  const infeasible = status?.conditions?.find(({ type }) => type === "PodResizePending")?.reason === "Infeasible";
  const running = (container: Container): Amounts => {
    const { resources, allocatedResources } = (given.get(container.name) ?? {}) as Allocated;
    return inForce(container.resources?.requests, resources?.requests, allocatedResources, resources !== undefined);
  };
  const inForce = (wanted: List, actual: List, allocated: List, known: boolean): Amounts =>
    known ? largest(...(infeasible ? [] : [amounts(wanted)]), amounts(actual), amounts(allocated)) : amounts(wanted);

  const containers = (spec?.containers ?? []).map(running);
  let sidecars: Amounts = {};
  let starting: Amounts = {};
  for (const container of spec?.initContainers ?? []) {
    if ((container as { restartPolicy?: string }).restartPolicy === "Always") {
      sidecars = sum(sidecars, running(container));
      starting = largest(starting, sidecars);
    } else starting = largest(starting, sum(sidecars, amounts(container.resources?.requests)));
  }
  const together = largest(sum(...containers, sidecars), starting);
  const whole = ((spec as { resources?: { requests?: List } } | undefined)?.resources?.requests ?? {}) as NonNullable<List>;
  const { resources: actual, allocatedResources } = (status ?? {}) as Allocated;
  const asWhole = Object.fromEntries(
    Object.entries(whole)
      .filter(([name]) => name === "cpu" || name === "memory" || name.startsWith("hugepages-"))
      .map(([name]) => [
        name,
        inForce(pick(whole, name), pick(actual?.requests, name), pick(allocatedResources, name), actual !== undefined)[name] ?? 0,
      ]),
  );
  return sum({ ...together, ...asWhole }, amounts(spec?.overhead));
}

/** What newer versions of the API say of what was allocated. */
interface Allocated {
  resources?: { requests?: List };
  allocatedResources?: List;
}

function pick(list: List, name: string): List {
  const value = list?.[name];
  return value === undefined ? undefined : { [name]: value };
}

/** A list of quantities as numbers. Throws a RangeError for what is no quantity, which the API server takes none of. */
export function amounts(list: List): Amounts {
  const found: Record<string, number> = {};
  for (const name in list) found[name] = name === "cpu" ? milliOf(list[name] ?? 0) : valueOf(list[name] ?? 0);
  return found;
}

/** Amounts added up. */
export function sum(...parts: readonly Amounts[]): Amounts {
  return combined(parts, (a, b) => a + b);
}

/** The largest of each resource. */
export function largest(...parts: readonly Amounts[]): Amounts {
  return combined(parts, Math.max);
}

function combined(parts: readonly Amounts[], combine: (a: number, b: number) => number): Amounts {
  const found: Record<string, number> = {};
  for (const part of parts) for (const name in part) found[name] = combine(found[name] ?? 0, part[name] ?? 0);
  return found;
}
