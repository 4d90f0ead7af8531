import { madeOf, type Change } from "./change.ts";
import { backOf, isYoung } from "./in-place.ts";
import { podChange } from "./pod-change.ts";
import type { Resize, Rules, Situation } from "./situation.ts";

/**
 * The pods that are to have what a template asks for by now: what was raised in it since they, or the Jobs that make them, were made; or what was
 * there before, where that was taken back.
 */
export function catchingUp(
  { pods, advice, refused }: Situation,
  changes: ReadonlyMap<string, Change>,
  { mode, minChange, downOnly, closed }: Rules,
  now: number,
): Resize[] {
  return pods.flatMap((pod): Resize[] => {
    if (pod.isOver || pod.isEnding || refused.has(pod.uid)) return [];
    const back = backOf(pod, changes, advice);
    if (back.length > 0) return [{ pod, containers: back }];
    if (closed !== undefined || (mode !== "in-place" && !isYoung(pod, now))) return [];
    const raised = (container: string) => {
      const change = changes.get(container);
      const made = change && madeOf(change);
      return made && { wanted: { ...made.to, unlimited: [] }, upOnly: true };
    };
    const { containers } = podChange(pod, raised, { minChange, downOnly });
    return containers.length === 0 ? [] : [{ pod, containers }];
  });
}
