import type { RightSizingStatus } from "@plimsoll/api";
import { isDeepStrictEqual } from "node:util";

/** When a status is to be written: at once where what people act on has changed, else when it is time for all that has. */
export function isDue(before: RightSizingStatus | undefined, after: RightSizingStatus, sinceWritten: number, interval: number): boolean {
  return sinceWritten >= interval || !isDeepStrictEqual(essenceOf(before), essenceOf(after));
}

/** What people act on: not how sure it is, nor how many pods there are, which change all the time; with conditions of some types. */
export function essenceOf(status: RightSizingStatus | undefined, hasCondition: (type: string) => boolean = () => true): unknown {
  if (status === undefined) return undefined;
  const { observedGeneration, recommendations = [], conditions = [], omitted } = status;
  return {
    observedGeneration,
    omitted: (omitted ?? 0) > 0,
    // Messages may hold what changes with every round.
    conditions: conditions
      .filter(({ type }) => hasCondition(type))
      .map(({ type, status, reason }) => [type, status, reason])
      .toSorted(),
    recommendations: recommendations.map(
      ({ apiVersion, kind, name, step, container, current, currentLimits, target, limits, heldBy, reason, oomKills }) =>
        JSON.parse(
          JSON.stringify({ apiVersion, kind, name, step, container, current, currentLimits, target, limits, heldBy, reason, oomKills }),
        ) as unknown,
    ),
  };
}
