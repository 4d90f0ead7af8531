import { sizedResources, type SizedResource } from "@plimsoll/model/sizing";
import type { Change } from "./change.ts";
import type { ContainerChange } from "./next.ts";
import { carries, isLower, only } from "./resources.ts";
import type { Rules, Situation } from "./situation.ts";

/** What begins with a change of containers, or until when it has to wait. */
export type Beginning = { begun: { container: string; change: Change }[] } | { waitsUntil: number };

/**
 * Which changes begin where containers are changed so. While an earlier one is watched nothing more is lowered, and what is raised goes back, if it has
 * to, to what was before both. While one that was taken back is held, what is needed is only raised, which is no change that is watched.
 */
export function beginning(
  containers: readonly ContainerChange[],
  { advice }: Pick<Situation, "advice">,
  changes: ReadonlyMap<string, Change>,
  { watch }: Rules,
  now: number,
): Beginning {
  const begun: { container: string; change: Change }[] = [];
  for (const { name, now: has, next } of containers) {
    const [key, before] = [advice.get(name)?.key, changes.get(name)];
    const resources = changedOf(has, next);
    const isUnderWay = before !== undefined && carries(next, before.to) && resources.every((resource) => isIn(before, resource));
    if (key === undefined || before?.takenBack !== undefined || isUnderWay) continue;
    const isWatched = before !== undefined && now < before.at + watch;
    if (isWatched && isLower(next, has)) return { waitsUntil: before.at + watch };
    const of = sizedResources.filter((resource) => resources.includes(resource) || (isWatched && isIn(before, resource)));
    const own = only(has, of);
    const from = isWatched
      ? { requests: { ...own.requests, ...before.from.requests }, limits: { ...own.limits, ...before.from.limits } }
      : own;
    begun.push({ container: name, change: { key, at: now, from, to: only(next, of) } });
  }
  return { begun };
}

function isIn({ to }: Change, resource: SizedResource): boolean {
  return to.requests[resource] !== undefined || to.limits[resource] !== undefined;
}

function changedOf(now: ContainerChange["now"], next: ContainerChange["next"]): SizedResource[] {
  return sizedResources.filter(
    (resource) => now.requests[resource] !== next.requests[resource] || now.limits[resource] !== next.limits[resource],
  );
}
