import type { Amounts } from "@plimsoll/model";
import { sizedResources } from "@plimsoll/model/sizing";

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

/** Whether what is asked for is off by less than so many percent, so that it may stay. */
export function isNear(now: Resources, want: Resources, percent: number): boolean {
  return sizedResources.every((resource) => {
    const [has, should] = [now.requests[resource], want.requests[resource]];
    if (should === undefined || has === should) return true;
    return has !== undefined && Math.abs(should - has) * 100 < percent * has;
  });
}

/** What a container asks for, without what else is known of it. */
export function plain({ requests, limits }: Resources): Resources {
  return { requests, limits };
}

/** The first with what the second says of some resources: what that says nothing of stays. */
export function changed(now: Resources, want: Resources): Resources {
  return { requests: { ...now.requests, ...want.requests }, limits: { ...now.limits, ...want.limits } };
}
