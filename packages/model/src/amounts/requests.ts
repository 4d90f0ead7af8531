import type { Container, Pod } from "kubernetes-types/core/v1.d.ts";
import { milliOf, milliOfNano, quantityOf, valueOf, valueOfNano } from "./quantity.ts";

/** Amounts of resources: of `cpu` in thousandths of a core, of others in their own unit (bytes, devices). */
export type Amounts = Readonly<Record<string, number>>;

/** As far as a pod's requests depend on it. */
export type RequestingPod = Pick<Pod, "spec" | "status">;

type List = Readonly<Record<string, string | number>> | undefined;

/** In units of 10⁻⁹: what a pod's containers ask for is added up exactly, and rounded up once. */
type Exact = Readonly<Record<string, bigint>>;

/**
 * What a pod takes of a node's room, as the scheduler and `kubectl describe node` count it: the larger of what its containers ask for together
 * and what any init container asks for beside the sidecars that were started before it; of what can be resized in place the larger of what is
 * asked for, given and in force (not what is asked for, where the kubelet says that it can never be); in place of all that, what is asked for
 * the pod as a whole; and its overhead. Rounded up to thousandths of a core, and to whole bytes and devices.
 */
export function requestsOf({ spec, status }: RequestingPod): Amounts {
  const given = new Map([...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].map((one) => [one.name, one]));
  const infeasible = status?.conditions?.find(({ type }) => type === "PodResizePending")?.reason === "Infeasible";
  const inForce = (wanted: List, actual: List, allocated: List, known: boolean): Exact =>
    known ? most(...(infeasible ? [] : [exact(wanted)]), exact(actual), exact(allocated)) : exact(wanted);
  const running = (container: Container): Exact => {
    const { resources, allocatedResources } = (given.get(container.name) ?? {}) as Allocated;
    return inForce(container.resources?.requests, resources?.requests, allocatedResources, resources !== undefined);
  };

  const containers = (spec?.containers ?? []).map(running);
  let sidecars: Exact = {};
  let starting: Exact = {};
  for (const container of spec?.initContainers ?? []) {
    if ((container as { restartPolicy?: string }).restartPolicy === "Always") {
      sidecars = together(sidecars, running(container));
      starting = most(starting, sidecars);
    } else starting = most(starting, together(sidecars, exact(container.resources?.requests)));
  }
  const ofContainers = most(together(...containers, sidecars), starting);
  const whole = (spec as { resources?: { requests?: List } } | undefined)?.resources?.requests ?? {};
  const { resources: actual, allocatedResources } = (status ?? {}) as Allocated;
  const asWhole: Record<string, bigint> = {};
  for (const name in whole)
    if (name === "cpu" || name === "memory" || name.startsWith("hugepages-"))
      asWhole[name] =
        inForce(pick(whole, name), pick(actual?.requests, name), pick(allocatedResources, name), actual !== undefined)[name] ?? 0n;
  return rounded(together({ ...ofContainers, ...asWhole }, exact(spec?.overhead)));
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

function exact(list: List): Exact {
  const found: Record<string, bigint> = {};
  for (const name in list) found[name] = quantityOf(list[name] ?? 0);
  return found;
}

function rounded(list: Exact): Amounts {
  const found: Record<string, number> = {};
  for (const name in list) found[name] = name === "cpu" ? milliOfNano(list[name] ?? 0n) : valueOfNano(list[name] ?? 0n);
  return found;
}

function together(...parts: readonly Exact[]): Exact {
  return combined(parts, 0n, (a, b) => a + b);
}

function most(...parts: readonly Exact[]): Exact {
  return combined(parts, 0n, (a, b) => (a > b ? a : b));
}

/** A list of quantities as numbers. Throws a RangeError for what is no quantity, which the API server takes none of. */
export function amounts(list: List): Amounts {
  const found: Record<string, number> = {};
  for (const name in list) found[name] = name === "cpu" ? milliOf(list[name] ?? 0) : valueOf(list[name] ?? 0);
  return found;
}

/** Amounts added up. */
export function sum(...parts: readonly Amounts[]): Amounts {
  return combined(parts, 0, (a, b) => a + b);
}

/** The largest of each resource. */
export function largest(...parts: readonly Amounts[]): Amounts {
  return combined(parts, 0, Math.max);
}

function combined<N extends number | bigint>(
  parts: readonly Readonly<Record<string, N>>[],
  nothing: N,
  combine: (a: N, b: N) => N,
): Readonly<Record<string, N>> {
  const found: Record<string, N> = {};
  for (const part of parts) for (const name in part) found[name] = combine(found[name] ?? nothing, part[name] ?? nothing);
  return found;
}
