import type { ResizablePod } from "../observe/pod.ts";
import type { Template } from "../observe/template.ts";
import { hasMade, madeOf, type Change, type Made } from "./change.ts";
import { carries } from "./resources.ts";
import type { Rules, Situation } from "./situation.ts";

/**
 * When the roll-out of a change will have stopped for too long, where Kubernetes has no deadline for it, and at what; undefined: it goes on, or isn't
 * meant to. It counts from the change, or from when a pod that has it was made or got ready last: all that stands on the objects.
 */
export function stallOf(
  template: Template | undefined,
  pods: readonly ResizablePod[],
  container: string,
  made: Made,
  progress: number,
): { at: number; message: string } | undefined {
  const has = template?.containers.find(({ name }) => name === container);
  if (template?.rollout.state !== "underway" || has === undefined || !carries(has, made.to)) return undefined;
  const { unbounded } = template.rollout;
  if (unbounded === undefined) return undefined;
  const own = pods.filter((pod) => !pod.isEnding && !pod.isOver && hasMade(pod, container, made));
  const last = own.reduce((latest, { createdAt, readySince = 0 }) => Math.max(latest, createdAt, readySince), made.at);
  const time = `${progress / 1_000} s`;
  const unready = own.find(({ isYetUnready }) => isYetUnready);
  if (unready !== undefined)
    return { at: last + progress, message: `pod ${unready.name} isn't ready, and there was no progress for ${time}` };
  // What ends slowly makes way for its successor only then.
  if (!unbounded.isShort || pods.some(({ isEnding }) => isEnding)) return undefined;
  return { at: last + progress + unbounded.grace, message: `pods that it takes aren't made, and there was no progress for ${time}` };
}

/** When one of a workload's roll-outs will have stopped for too long; Infinity: none. */
export function stallEnds(
  { template, pods }: Situation,
  changes: ReadonlyMap<string, Change>,
  { progress, watch }: Rules,
  now: number,
): number {
  return [...changes].reduce((least, [container, change]) => {
    const made = madeOf(change);
    const at = made && stallOf(template, pods, container, made, progress)?.at;
    return made !== undefined && at !== undefined && at > now && at < made.at + watch ? Math.min(least, at) : least;
  }, Infinity);
}
