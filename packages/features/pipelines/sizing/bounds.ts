import type { AutoResources, Path, Problem, Step } from "@plimsoll/api";
import { milliOf, parseQuantity, valueOf } from "@plimsoll/model/quantity";
import type { StepBounds } from "@plimsoll/model/sizing";

/** No container starts with less memory, in bytes. */
const least = 4 * 1024 ** 2;
const defaults = { cpu: 10, memory: 32 * 1024 ** 2 };

/** Between what the pods of a step ask for; CPU is nothing where it doesn't go by earlier ones. */
export function boundsOf({ min = {}, max }: AutoResources): StepBounds {
  const bounds = (low: number | undefined, high: number, usual: number) => ({ min: low ?? Math.min(usual, high), max: high });
  return {
    cpu: bounds(amount(min.cpu, milliOf), amount(max.cpu, milliOf) ?? 0, defaults.cpu),
    memory: bounds(amount(min.memory, valueOf), valueOf(max.memory), defaults.memory),
  };
}

function amount(quantity: string | number | undefined, of: (quantity: string | number) => number): number | undefined {
  return quantity === undefined ? undefined : of(quantity);
}

/** What is wrong with the bounds of a step; `at`: where the step stands. */
export function* boundsProblems({ resources }: Pick<Step, "resources">, at: Path): Generator<Problem> {
  const { auto, limits = {} } = resources ?? {};
  if (auto === undefined) return;
  const path = [...at, "resources", "auto"];
  let isReadable = true;
  for (const end of ["min", "max"] as const)
    for (const resource of ["cpu", "memory"] as const) {
      const quantity = auto[end]?.[resource];
      if (quantity === undefined) continue;
      const value = parseQuantity(quantity);
      const fault =
        value === undefined
          ? "must be a quantity, as in 500m or 1Gi"
          : value <= 0n
            ? "must be more than nothing"
            : resource === "memory" && valueOf(quantity) < least
              ? `no container starts with less than 4Mi${/\dm$/.test(String(quantity)) ? "; m is for thousandths, Mi for MiB" : ""}`
              : undefined;
      if (fault === undefined) continue;
      isReadable = false;
      yield { path: [...path, end, resource], message: `is ${quantity}: ${fault}` };
    }
  if (!isReadable) return;
  const bounds = boundsOf(auto);
  for (const resource of ["cpu", "memory"] as const) {
    const { min, max } = bounds[resource];
    if (min > max && auto.max[resource] !== undefined)
      yield {
        path: [...path, "min", resource],
        message: `is ${auto.min?.[resource]}, and max ${auto.max[resource]}: give no more than that`,
      };
  }
  const limit = Object.hasOwn(limits, "cpu") ? limits["cpu"] : undefined;
  if (limit !== undefined && (parseQuantity(limit) ?? 0n) < (parseQuantity(auto.max.cpu ?? 0) ?? 0n))
    yield {
      path: [...at, "resources", "limits", "cpu"],
      message: `is ${limit}, and auto.max.cpu ${auto.max.cpu}: a request can't be above the limit`,
    };
}
