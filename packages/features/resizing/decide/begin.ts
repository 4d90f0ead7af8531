import { sizedResources, type SizedResource } from "@plimsoll/model/sizing";
import type { ResizablePod } from "../observe/pod.ts";
import { hasMade, madeOf, withMade, type Change, type Made } from "./change.ts";
import type { ContainerChange } from "./next.ts";
import { carries, isLower, only } from "./resources.ts";
import type { Rules, Situation } from "./situation.ts";

/** What begins with a change of containers, or until when it has to wait. */
export type Beginning = { begun: { container: string; change: Change }[] } | { waitsUntil: number };

/**
 * Which changes begin where containers are changed so. While an earlier one is watched nothing more is lowered. While it is, or a pod's resize by it
 * isn't done, what changes goes back, if it has to, to what was before both. While one that was taken back is held, what is needed is only raised,
 * which stands with it.
 */
export function beginning(
  containers: readonly ContainerChange[],
  { advice, pods }: Pick<Situation, "advice" | "pods">,
  changes: ReadonlyMap<string, Change>,
  { watch }: Rules,
  now: number,
): Beginning {
  const begun: { container: string; change: Change }[] = [];
  for (const { name, now: has, next } of containers) {
    const [key, change] = [advice.get(name)?.key, changes.get(name)];
    const before = change && madeOf(change);
    const resources = changedOf(has, next);
    const isUnderWay = before !== undefined && carries(next, before.to) && resources.every((resource) => isIn(before, resource));
    if (key === undefined || isUnderWay) continue;
    const isWatched = before !== undefined && now < before.at + watch;
    if (isWatched && isLower(next, has)) return { waitsUntil: before.at + watch };
    // What a kubelet has yet to do it may find impossible later: all goes back then.
    const isOpen = before !== undefined && (isWatched || isPending(pods, name, before));
    const of = sizedResources.filter((resource) => resources.includes(resource) || (isOpen && isIn(before, resource)));
    const own = only(has, of);
    const from = isOpen
      ? { requests: { ...own.requests, ...before.from.requests }, limits: { ...own.limits, ...before.from.limits } }
      : own;
    const made = { at: now, from, to: only(next, of) };
    begun.push({ container: name, change: change === undefined ? { key, ...made } : withMade({ ...change, key }, made) });
  }
  return { begun };
}

/** Whether a pod that was changed so isn't resized yet. */
function isPending(pods: readonly ResizablePod[], container: string, made: Made): boolean {
  return pods.some((pod) => pod.resize !== undefined && hasMade(pod, container, made));
}

function isIn({ to }: Made, resource: SizedResource): boolean {
  return to.requests[resource] !== undefined || to.limits[resource] !== undefined;
}

function changedOf(now: ContainerChange["now"], next: ContainerChange["next"]): SizedResource[] {
  return sizedResources.filter(
    (resource) => now.requests[resource] !== next.requests[resource] || now.limits[resource] !== next.limits[resource],
  );
}
