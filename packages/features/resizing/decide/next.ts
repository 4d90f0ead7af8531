import { sizedResources, type SizedResource } from "@plimsoll/model/sizing";
import { isNear, isSame, type Resources } from "./resources.ts";
import type { Wanted } from "./wanted.ts";

/** What a container of a pod, or of a template, is to ask for. */
export interface ContainerChange {
  name: string;
  isSidecar: boolean;
  now: Resources;
  next: Resources;
}

/** What keeps a request as it is. */
export interface Tolerance {
  /** By how much it may be off, in percent. */
  minChange: number;
  downOnly: boolean;
  /** Whether limits may go, as in a template. */
  dropsLimits: boolean;
}

/** What something is to ask for by what is wanted; undefined: it stays. `upOnly`: nothing of it is lowered. */
export function nextOf(
  now: Resources,
  wanted: Wanted,
  { minChange, downOnly, dropsLimits }: Tolerance,
  upOnly: boolean,
  left: readonly SizedResource[] = [],
): Resources | undefined {
  const next = { requests: { ...now.requests }, limits: { ...now.limits } };
  for (const resource of sizedResources) {
    const [has, want, limit] = [now.requests[resource], wanted.requests[resource], now.limits[resource]];
    if (want === undefined || left.includes(resource)) continue;
    if ((downOnly && want > (has ?? 0)) || (upOnly && want < (has ?? 0))) continue;
    next.requests[resource] = want;
    if (limit === undefined) continue;
    if (dropsLimits && wanted.unlimited.includes(resource)) delete next.limits[resource];
    else next.limits[resource] = Math.max(want, wanted.limits[resource] ?? limit, upOnly ? limit : 0);
  }
  return isSame(now, next) || isNear(now, next, minChange) ? undefined : next;
}
