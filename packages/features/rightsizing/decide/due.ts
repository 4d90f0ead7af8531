import type { Recommendation, RightSizingStatus } from "@plimsoll/api";
import { isDeepStrictEqual } from "node:util";

/** When a status is to be written: at once where what people act on has changed, else when it is time for all that has. */
export function isDue(before: RightSizingStatus | undefined, after: RightSizingStatus, isTime: boolean): boolean {
  return isTime || !isDeepStrictEqual(essenceOf(before), essenceOf(after));
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
    recommendations: recommendations.map(adviceIn),
  };
}

/** One text, as there are many of them, and each is compared in every round. */
function adviceIn({
  apiVersion,
  kind,
  name,
  step,
  container,
  current,
  currentLimits,
  target,
  limits,
  heldBy = [],
  reason,
  oomKills,
}: Recommendation): string {
  const amounts = [current, currentLimits, target, limits].flatMap((some) => [some?.cpu, some?.memory]);
  const held = heldBy.flatMap((one) => [one.kind, one.name, ...one.resources]);
  return [apiVersion, kind, name, step, container, ...amounts, reason, oomKills, ...held].join("\n");
}
