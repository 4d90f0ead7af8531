import type { Recommendation } from "@plimsoll/api";
import { sizedResources, type SizedResource } from "@plimsoll/model/sizing";
import { amountsOf, type Change } from "./change.ts";
import type { Resources } from "./resources.ts";

/** What a container is to ask for. */
export interface Wanted extends Resources {
  /** The resources whose limit is to go, where there is one. */
  unlimited: readonly SizedResource[];
  /** Whether it is what it was before a change that did harm. */
  isBack: boolean;
}

/** What a recommendation says; undefined: nothing. */
export function wantedBy({ target, limits, currentLimits }: Recommendation): Wanted | undefined {
  const requests = amountsOf(target);
  if (Object.keys(requests).length === 0) return undefined;
  const [before, after] = [amountsOf(currentLimits), amountsOf(limits)];
  const sized = sizedResources.filter((resource) => requests[resource] !== undefined);
  const kept = Object.fromEntries(sized.flatMap((resource) => (after[resource] === undefined ? [] : [[resource, after[resource]]])));
  const unlimited = sized.filter((resource) => before[resource] !== undefined && after[resource] === undefined);
  return { requests, limits: kept, unlimited, isBack: false };
}

/** In place of a change that was taken back: what it has lowered is as before, what it has raised stays, and what is needed now is had. */
export function wantedBack({ from, to }: Change, advice: Wanted | undefined): Wanted {
  const requests: Record<string, number> = {};
  const limits: Record<string, number> = {};
  for (const resource of sizedResources) {
    const known = [from.requests[resource], to.requests[resource], advice?.requests[resource]].filter((one) => one !== undefined);
    if (known.length > 0) requests[resource] = Math.max(...known);
    const before = from.limits[resource];
    if (before !== undefined)
      limits[resource] = Math.max(before, to.limits[resource] ?? 0, advice?.limits[resource] ?? 0, requests[resource] ?? 0);
  }
  return { requests, limits, unlimited: [], isBack: true };
}
