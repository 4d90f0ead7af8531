import type { ResizablePod } from "../observe/pod.ts";
import type { Change } from "./change.ts";
import { changed, isSame } from "./resources.ts";
import type { Rules, Situation } from "./situation.ts";

/** How long ago a crash counts as one of now, and a pod may wait for a node, in milliseconds. */
const calm = 10 * 60_000;

/** The changes that did harm, by container, taken back. */
export function harmDone(
  { pods, template }: Situation,
  changes: ReadonlyMap<string, Change>,
  { watch, hold }: Rules,
  now: number,
): Map<string, Change> {
  const found = new Map<string, Change>();
  for (const [container, change] of changes) {
    if (change.takenBack !== undefined || now >= change.at + watch) continue;
    const carriers = pods.filter((pod) => carries(pod, container, change));
    const harm = carriers.map((pod) => endOf(pod, container, change) ?? placelessness(pod, change, now)).find((one) => one !== undefined);
    const why = harm ?? failedBy(template, container, change);
    if (why !== undefined) found.set(container, { ...change, takenBack: { why, until: now + hold } });
  }
  return found;
}

/** When a pod that no node takes will have waited for one for too long; Infinity: there is none. */
export function patienceEnds(pods: readonly ResizablePod[], now: number): number {
  const ends = pods.flatMap(({ unplaceableSince }) => (unplaceableSince === undefined ? [] : [unplaceableSince + calm]));
  return Math.min(...ends.filter((end) => end > now), Infinity);
}

/** Whether a pod has what a container was changed to. What is told to end may end as it likes. */
function carries({ shape, isEnding }: ResizablePod, container: string, { to }: Change): boolean {
  const has = shape.containers.find((one) => one.name === container);
  return has !== undefined && !isEnding && isSame(changed(has, to), has);
}

function endOf({ name, badEnds }: ResizablePod, container: string, { at }: Change): string | undefined {
  const end = badEnds.find((one) => one.container === container && one.at > at);
  return end && `in pod ${name}, it ${end.how}`;
}

function placelessness({ name, unplaceableSince }: ResizablePod, { at }: Change, now: number): string | undefined {
  const isLate = unplaceableSince !== undefined && unplaceableSince > at && now >= unplaceableSince + calm;
  return isLate ? `no node takes pod ${name}` : undefined;
}

function failedBy(template: Situation["template"], container: string, { to }: Change): string | undefined {
  const has = template?.containers.find(({ name }) => name === container);
  if (template === undefined || has === undefined || template.rollout.state !== "failed" || !isSame(has, to)) return undefined;
  return `the roll-out failed: ${template.rollout.message}`;
}

/** Until when a workload counts as one that crashes by itself, and what of it does; undefined: nothing. */
export function crashing(pods: readonly ResizablePod[], now: number): { until: number; message: string } | undefined {
  const last = pods
    .filter(({ isEnding }) => !isEnding)
    .flatMap(({ name, badEnds }) => badEnds.filter(({ isKill }) => !isKill).map((end) => ({ name, ...end })))
    .toSorted((a, b) => b.at - a.at)[0];
  if (last === undefined || now >= last.at + calm) return undefined;
  return { until: last.at + calm, message: `its container ${last.container} crashes as it is: in pod ${last.name}, it ${last.how}` };
}
