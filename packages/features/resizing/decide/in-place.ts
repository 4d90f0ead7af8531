import type { ResizablePod } from "../observe/pod.ts";
import type { PendingResize } from "../observe/resize.ts";
import { beginning } from "./begin.ts";
import { hasMade, madeOf, withMade, type Change, type Made } from "./change.ts";
import { crashing, isImpossible } from "./harm.ts";
import type { ContainerChange } from "./next.ts";
import { podChange } from "./pod-change.ts";
import { carries } from "./resources.ts";
import type { Applied, Resize, Rules, Situation, WantedOf } from "./situation.ts";
import { takenBack } from "./wanted.ts";

/** For so long after it was made, a pod counts as one that starts, in milliseconds. */
const youth = 5 * 60_000;
/** Of so many pods at once it is looked whether they do well, before there are more. */
const batch = 100;

/** Changes pods as they are: of a workload first one, and the others when it has done well for a while. */
export function inPlace(
  situation: Situation,
  changes: ReadonlyMap<string, Change>,
  wantedOf: WantedOf,
  rules: Rules,
  now: number,
): Applied {
  const { back, due, hindrances } = sorted(situation, changes, wantedOf, rules, now);
  const said = (why: string): string => `${situation.title}: ${why}`;
  const result: Applied = { begun: [], resizes: back.slice(0, batch), hindrances: [...new Set(hindrances)], wakeAt: Infinity };
  const refuse = (why: string, wakeAt: number): Applied => ({
    ...result,
    hindrances: [...new Set([...result.hindrances, said(why)])],
    wakeAt,
  });
  const [first] = due;
  // More of them come with the changes of these.
  if (first === undefined || back.length > batch) return result;
  if (rules.closed !== undefined) return refuse(rules.closed, Infinity);
  const crash = crashing(situation.pods, now);
  if (crash !== undefined) return refuse(crash.message, crash.until);

  const found = beginning(first.containers, situation, changes, rules, now);
  if ("waitsUntil" in found) return { ...result, wakeAt: found.waitsUntil };
  const { begun } = found;
  const some = (resizes: readonly Resize[]): Resize[] => [...result.resizes, ...resizes.slice(0, batch)];
  // What starts has nothing to lose yet.
  if (rules.mode === "on-restart") return { ...result, begun, resizes: some(due) };
  if (begun.length > 0) return { ...result, begun, resizes: some([first]), wakeAt: now + rules.settle };
  const own = first.containers.flatMap(({ name }) => {
    const change = changes.get(name);
    const made = change && madeOf(change);
    return change === undefined || made === undefined ? [] : [{ container: name, change, made }];
  });
  const settled = Math.max(...own.map(({ made }) => made.at)) + rules.settle;
  const carriers = situation.pods.filter((pod) => !pod.isOver && !pod.isEnding && hasAll(pod, own));
  // Cut off before the first was resized, or that is gone, as by a roll-out: another is first.
  if (carriers.length === 0) {
    const again =
      now < settled ? [] : own.map(({ container, change, made }) => ({ container, change: withMade(change, { ...made, at: now }) }));
    return { ...result, begun: again, resizes: some([first]), wakeAt: Math.max(settled, now + rules.settle) };
  }
  if (now < settled) return { ...result, wakeAt: settled };
  const pending = carriers.find(({ resize }) => resize !== undefined);
  if (pending?.resize !== undefined) return refuse(notYet(pending.name, pending.resize), Infinity);
  return { ...result, resizes: some(due) };
}

/** The pods that are to get back what they had, those that are to be changed, the first one first, and what is in the way. */
function sorted(
  { title, pods, advice, refused }: Situation,
  changes: ReadonlyMap<string, Change>,
  wantedOf: WantedOf,
  { mode, minChange, downOnly }: Rules,
  now: number,
): { back: Resize[]; due: Resize[]; hindrances: string[] } {
  const hindrances: string[] = [];
  const say = (pod: ResizablePod, why: string): void => void hindrances.push(`${title}: pod ${pod.name}: ${why}`);
  const [back, due]: [Resize[], Resize[]] = [[], []];
  let hasRefusal = false;
  for (const pod of pods) {
    if (pod.isOver || pod.isEnding) continue;
    if (pod.resize?.state === "Deferred" && carriesAny(pod, changes)) hindrances.push(`${title}: ${notYet(pod.name, pod.resize)}`);
    const containers = backOf(pod, changes, advice);
    const why = refused.get(pod.uid);
    if (why !== undefined) {
      hasRefusal = true;
      say(pod, why.message);
    } else if (containers.length > 0) back.push({ pod, containers });
    else if (isImpossible(pod)) say(pod, `it can't be resized on its node: ${pod.resize?.message ?? ""}`);
    else if (mode !== "on-restart" || isYoung(pod, now)) {
      const found = podChange(pod, wantedOf, { minChange, downOnly });
      hindrances.push(...found.hindrances.map((hindrance) => `${title}: ${hindrance}`));
      if (found.containers.length > 0) due.push({ pod, containers: found.containers });
    }
  }
  due.sort((a, b) => Number(b.pod.isPlaced) - Number(a.pod.isPlaced) || b.pod.createdAt - a.pod.createdAt);
  // Where the first was refused, the others most often are, too: they wait with it.
  const isHeldUp = hasRefusal && !pods.some((pod) => carriesAny(pod, changes));
  return { back, due: isHeldUp ? [] : due, hindrances };
}

function notYet(pod: string, { message, state }: PendingResize): string {
  return `pod ${pod} isn't resized yet: ${message || state}`;
}

/** Whether a pod has only just begun, so that it loses little. */
export function isYoung({ createdAt }: ResizablePod, now: number): boolean {
  return now - createdAt <= youth;
}

/** What a pod is to get back. */
export function backOf(pod: ResizablePod, changes: ReadonlyMap<string, Change>, advice: Situation["advice"]): ContainerChange[] {
  return pod.shape.containers.flatMap((has): ContainerChange[] => {
    const change = changes.get(has.name);
    const next = change && takenBack(has, change, advice.get(has.name)?.wanted, false);
    return next === undefined ? [] : [{ name: has.name, isSidecar: has.isSidecar ?? false, now: has, next }];
  });
}

function hasAll(pod: ResizablePod, own: readonly { container: string; made: Made }[]): boolean {
  return own.every(({ container, made }) => hasMade(pod, container, made));
}

function carriesAny(pod: ResizablePod, changes: ReadonlyMap<string, Change>): boolean {
  return pod.shape.containers.some((has) => {
    const change = changes.get(has.name);
    const made = change && madeOf(change);
    return made !== undefined && carries(has, made.to);
  });
}
