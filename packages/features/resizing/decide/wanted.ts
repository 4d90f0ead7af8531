import type { Recommendation } from "@plimsoll/api";
import { sizedResources, type SizedResource } from "@plimsoll/model/sizing";
import { amountsOf, madeOf, type Change } from "./change.ts";
import { carries, isNear, isSame, type Resources } from "./resources.ts";

/** What a container is to ask for. */
export interface Wanted extends Resources {
  /** The resources whose limit is to go, where there is one. */
  unlimited: readonly SizedResource[];
}

/**
 * What a recommendation says; undefined: nothing is to change. What is recommended stays as it is where the newest pod is near enough: then others
 * are to have what the last change was to, and not what that pod happens to have.
 */
export function wantedBy(
  { target, limits, currentLimits, reason }: Recommendation,
  change: Change | undefined,
  minChange: number,
): Wanted | undefined {
  const requests = amountsOf(target);
  const sized = sizedResources.filter((resource) => requests[resource] !== undefined);
  if (sized.length === 0) return undefined;
  const [before, after] = [amountsOf(currentLimits), amountsOf(limits)];
  const kept = Object.fromEntries(sized.flatMap((resource) => (after[resource] === undefined ? [] : [[resource, after[resource]]])));
  const unlimited = sized.filter((resource) => before[resource] !== undefined && after[resource] === undefined);
  const wanted = { requests, limits: kept, unlimited };
  const made = change && madeOf(change);
  // What is near enough to the newest pod may be twice that from what the others have.
  const tolerance = reason === "Recommended" ? minChange : 2 * minChange;
  if (made !== undefined && isNear({ ...made.to, requests: { ...requests, ...made.to.requests } }, wanted, tolerance)) {
    const rest = reason === "Recommended" ? wanted : undefined;
    const of = (list: "requests" | "limits") =>
      Object.fromEntries(
        sized.flatMap((resource) => {
          const amount =
            list === "limits" && wanted.limits[resource] === undefined ? undefined : (made.to[list][resource] ?? rest?.[list][resource]);
          return amount === undefined ? [] : [[resource, amount]];
        }),
      );
    return { requests: of("requests"), limits: of("limits"), unlimited };
  }
  return reason === "Recommended" ? wanted : undefined;
}

/**
 * What becomes of something that has a change that was taken back; undefined: it hasn't, or has that already. What was lowered is as before, and what
 * was raised stays, unless there was no room for it. What is needed now is had.
 */
export function takenBack(
  has: Resources,
  { from, to, takenBack: back }: Change,
  advice: Wanted | undefined,
  addsLimits: boolean,
): Resources | undefined {
  if (back === undefined || !carries(has, to)) return undefined;
  const next = { requests: { ...has.requests }, limits: { ...has.limits } };
  for (const list of ["requests", "limits"] as const)
    for (const resource of sizedResources) {
      const [before, now] = [from[list][resource], has[list][resource]];
      if (before === undefined || (to[list][resource] === undefined && list === "requests")) continue;
      if (list === "limits" && now === undefined && !addsLimits) continue;
      const needed = list === "limits" && now === undefined ? 0 : (advice?.[list][resource] ?? 0);
      next[list][resource] = back.whole ? before : Math.max(before, now ?? 0, needed);
    }
  // A request above its limit would be refused.
  for (const resource of sizedResources) {
    const [request, limit] = [next.requests[resource], next.limits[resource]];
    if (request !== undefined && limit !== undefined && limit < request) next.limits[resource] = request;
  }
  return isSame(has, next) ? undefined : next;
}
