import type { Problem, RightSizingPolicy } from "@plimsoll/api";
import { milliOf, parseQuantity, valueOf } from "@plimsoll/model/quantity";
import { sizedResources, type SizedResource } from "@plimsoll/model/sizing/resource";

type Spec = RightSizingPolicy["spec"];

/** In thousandths of a core, or bytes. */
interface Bound {
  min: number;
  max: number;
}

/** What holds for containers of a name. */
export interface Settings {
  resources: readonly SizedResource[];
  bounds: Readonly<Record<SizedResource, Bound>>;
  limits: "ratio" | "keep" | "remove";
}

/** Whether nothing is to be recommended for containers of this name. */
export function isIgnored({ containers = [] }: Spec, name: string): boolean {
  return containers.find((container) => container.name === name)?.ignore ?? false;
}

/** What holds for the containers of this name, by a policy without problems. */
export function settingsOf(spec: Spec, name: string): Settings {
  const own = spec.containers?.find((container) => container.name === name);
  const boundOf = (resource: SizedResource): Bound => {
    const { min, max } = { ...spec.bounds?.[resource], ...own?.bounds?.[resource] };
    const read = resource === "cpu" ? milliOf : valueOf;
    return { min: min === undefined ? 0 : read(min), max: max === undefined ? Infinity : read(max) };
  };
  return {
    resources: own?.resources ?? spec.resources ?? sizedResources,
    bounds: { cpu: boundOf("cpu"), memory: boundOf("memory") },
    limits: own?.limits ?? spec.limits ?? "ratio",
  };
}

/** What of a policy can't be carried out, beside what its schema says. */
export function problemsOf({ spec }: Pick<RightSizingPolicy, "spec">): Problem[] {
  const containers = spec.containers ?? [];
  return [
    ...faultsIn(spec.bounds, undefined, ["spec", "bounds"]),
    ...containers.flatMap(({ name, bounds }, index): Problem[] => {
      const path = ["spec", "containers", index];
      const first = containers.findIndex((one) => one.name === name);
      const twice = first < index ? [{ path: [...path, "name"], message: `"${name}" stands there twice: give its settings once` }] : [];
      return [...twice, ...faultsIn(bounds, spec.bounds, [...path, "bounds"])];
    }),
  ];
}

/** As many as quantities are read in make one byte. */
const nano = 1_000_000_000n;
/** More than any node has. */
const mostCpu = 100_000n * nano;
const leastMemory = 4n * 1024n ** 2n * nano;

/** `under`: what holds where the bounds say nothing of their own. */
function faultsIn(bounds: Spec["bounds"], under: Spec["bounds"], path: (string | number)[]): Problem[] {
  return sizedResources.flatMap((resource) => {
    const own = bounds?.[resource];
    if (own === undefined) return [];
    const wrong = (["min", "max"] as const).flatMap((end): Problem[] => {
      const text = own[end];
      if (text === undefined) return [];
      const value = parseQuantity(text);
      if (value === undefined) return [{ path: [...path, resource, end], message: `"${text}" is no quantity: write one as 500m or 1Gi` }];
      if (value <= 0n) return [{ path: [...path, resource, end], message: `must be more than nothing; for no bound, leave it out` }];
      if (resource === "cpu")
        return value > mostCpu ? [{ path: [...path, resource, end], message: `is ${text}: CPU is counted in cores, as in 500m or 2` }] : [];
      // As where the unit of CPU is meant for memory: a target of one byte would come of it.
      if (value % nano > 0n)
        return [{ path: [...path, resource, end], message: `"${text}" is a fraction of a byte: write memory as 500Mi or 1Gi` }];
      return end === "max" && value < leastMemory
        ? [{ path: [...path, resource, end], message: `is ${text}: no container starts with less than 4Mi` }]
        : [];
    });
    if (wrong.length > 0) return wrong;
    const { min, max } = { ...under?.[resource], ...own };
    const isCrossed = min !== undefined && max !== undefined && (parseQuantity(min) ?? 0n) > (parseQuantity(max) ?? 0n);
    return isCrossed ? [{ path: [...path, resource], message: `min ${min} is more than max ${max}` }] : [];
  });
}
