import type { Amounts } from "@plimsoll/model";
import { sizedResources, type SizedResource } from "@plimsoll/model/sizing";

/** What a container asks for, and what it may have at most. CPU in thousandths of a core, memory in bytes. */
export interface Resources {
  requests: Amounts;
  limits: Amounts;
}

/** Whether two ask for the same, and have the same limits. */
export function isSame(one: Resources, other: Resources): boolean {
  return sizedResources.every(
    (resource) => one.requests[resource] === other.requests[resource] && one.limits[resource] === other.limits[resource],
  );
}

/** Whether as much is asked for as there may be. */
export function isTight({ requests, limits }: Resources): boolean {
  return sizedResources.every(
    (resource) => limits[resource] !== undefined && limits[resource] === (requests[resource] ?? limits[resource]),
  );
}

/** Whether what is asked for is off by less than so many percent, so that it may stay. */
export function isNear(now: Resources, want: Resources, percent: number): boolean {
  return sizedResources.every((resource) => {
    const [has, should] = [now.requests[resource], want.requests[resource]];
    if (should === undefined || has === should) return true;
    return has !== undefined && Math.abs(should - has) * 100 < percent * has;
  });
}

/** Whether something has what a change was to, as far as that says anything. */
export function carries(has: Resources, to: Resources): boolean {
  return (["requests", "limits"] as const).every((list) =>
    sizedResources.every((resource) => to[list][resource] === undefined || to[list][resource] === has[list][resource]),
  );
}

/** Whether less of something is asked for, or allowed. */
export function isLower(next: Resources, now: Resources): boolean {
  return (["requests", "limits"] as const).some((list) =>
    sizedResources.some((resource) => (next[list][resource] ?? Infinity) < (now[list][resource] ?? -Infinity)),
  );
}

/** Of some resources alone. */
export function only({ requests, limits }: Resources, resources: readonly SizedResource[]): Resources {
  const of = (amounts: Amounts): Amounts =>
    Object.fromEntries(resources.flatMap((resource) => (amounts[resource] === undefined ? [] : [[resource, amounts[resource]]])));
  return { requests: of(requests), limits: of(limits) };
}
