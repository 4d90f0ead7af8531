import type { ResizablePod } from "../observe/pod.ts";
import type { Template } from "../observe/template.ts";
import { hasMade, madeOf, type Change, type Made } from "./change.ts";
import { stallOf } from "./progress.ts";
import { carries, isLower } from "./resources.ts";
import type { Rules, Situation } from "./situation.ts";
import { takenBack, type Wanted } from "./wanted.ts";

/** How long ago a crash counts as one of now, and a pod may wait for a node, in milliseconds. */
const calm = 10 * 60_000;
/** How long a template may take to show a change that was written, in milliseconds. */
const shown = 2 * 60_000;

/** So often the time is doubled for which what there was no room for is held. */
const mostDoublings = 4;

/** What a change has done; whole: there was no room for it, or somebody else won't have it, so that nothing of it may stay. */
interface Harm {
  why: string;
  whole: boolean;
}

/** The changes that did harm, by container, taken back. */
export function harmDone(
  { pods, template, advice }: Situation,
  changes: ReadonlyMap<string, Change>,
  { watch, progress, hold }: Rules,
  isByTemplate: boolean,
  now: number,
): Map<string, Change> {
  const found = new Map<string, Change>();
  for (const [container, change] of changes) {
    const made = madeOf(change);
    if (made === undefined) continue;
    const isWatched = isByTemplate && now < made.at + watch;
    const harms = [
      ...(isWatched
        ? [templateHarm(template, container, made, now) ?? stallHarm(stallOf(template, pods, container, made, progress), now)]
        : []),
      ...pods.map((pod) => podHarm(pod, container, made, watch, now)),
    ];
    const isHeld = change.takenBack !== undefined;
    // Of what is raised while it is held, only what there is no room for is undone; first all get back what was lowered.
    const harm = harms.find((one) => one !== undefined && (one.whole || !isHeld));
    if (harm === undefined || (isHeld && !isByTemplate && isOwed(pods, container, change, advice.get(container)?.wanted))) continue;
    found.set(
      container,
      harm.whole ? heldWhole(change, made, harm, hold, now) : { key: change.key, ...made, takenBack: { ...harm, until: now + hold } },
    );
  }
  return found;
}

/** What there was no room for isn't tried again for twice as long each time: there may never be. */
function heldWhole({ key, failures: before = 0 }: Change, made: Made, harm: Harm, hold: number, now: number): Change {
  const failures = before + 1;
  return { key, ...made, failures, takenBack: { ...harm, until: now + hold * 2 ** Math.min(failures - 1, mostDoublings) } };
}

/** When a pod that no node takes will have waited for one for too long; Infinity: there is none. */
export function patienceEnds(pods: readonly ResizablePod[], now: number): number {
  return pods.reduce((least, { unplaceableSince }) => {
    const end = unplaceableSince === undefined ? Infinity : unplaceableSince + calm;
    return end > now ? Math.min(least, end) : least;
  }, Infinity);
}

/** What a pod has come to that has a change: it may have begun long after that. What is told to end may end as it likes. */
function podHarm(pod: ResizablePod, container: string, made: Made, watch: number, now: number): Harm | undefined {
  const { at } = made;
  if (pod.isEnding || !hasMade(pod, container, made)) return undefined;
  if (pod.resize !== undefined && isImpossible(pod)) return { why: impossibility(pod), whole: true };
  if (now >= Math.max(at, pod.createdAt) + watch) return undefined;
  // What lowered nothing has nothing to give back, and isn't why it ended.
  const ends = isLower(made.to, made.from) ? pod.badEnds.filter((one) => one.container === container && one.at > at) : [];
  // A crash may come of a kill before it, and says less.
  const end = ends.find(({ isKill }) => isKill) ?? ends[0];
  if (end !== undefined) return { why: `in pod ${pod.name}, it ${end.how}`, whole: false };
  const { unplaceableSince: since } = pod;
  return since !== undefined && since > at && now >= since + calm ? { why: `no node takes pod ${pod.name}`, whole: true } : undefined;
}

/** Whether a pod has yet to get back what a change has lowered. */
function isOwed(pods: readonly ResizablePod[], container: string, change: Change, wanted: Wanted | undefined): boolean {
  return pods.some((pod) => {
    const has = pod.shape.containers.find(({ name }) => name === container);
    return has !== undefined && !pod.isOver && !pod.isEnding && takenBack(has, change, wanted, false) !== undefined;
  });
}

/** Whether the node can't do what is asked of it: the kubelet would try it for ever, and the scheduler count it. */
export function isImpossible({ resize }: ResizablePod): boolean {
  return resize?.state === "Infeasible" || resize?.state === "Error";
}

function impossibility({ name, resize }: ResizablePod): string {
  return `pod ${name} can't be resized on its node: ${resize?.message ?? ""}`;
}

function templateHarm(template: Template | undefined, container: string, { at, to }: Made, now: number): Harm | undefined {
  const has = template?.containers.find(({ name }) => name === container);
  if (template === undefined || has === undefined) return undefined;
  if (!carries(has, to)) return now >= at + shown ? { why: "the template was set back by somebody else", whole: true } : undefined;
  return template.rollout.state === "failed" ? { why: `the roll-out failed: ${template.rollout.message}`, whole: true } : undefined;
}

function stallHarm(stall: { at: number; message: string } | undefined, now: number): Harm | undefined {
  return stall !== undefined && now >= stall.at ? { why: `the roll-out failed: ${stall.message}`, whole: true } : undefined;
}

/** Until when a workload counts as one that crashes by itself, and what of it does; undefined: nothing. */
export function crashing(pods: readonly ResizablePod[], now: number): { until: number; message: string } | undefined {
  const last = pods
    .filter(({ isEnding }) => !isEnding)
    .flatMap(({ name, badEnds }) => badEnds.filter(({ isKill, at }) => !isKill && now < at + calm).map((end) => ({ name, ...end })))
    .toSorted((a, b) => b.at - a.at)[0];
  if (last === undefined) return undefined;
  return { until: last.at + calm, message: `its container ${last.container} crashes as it is: in pod ${last.name}, it ${last.how}` };
}
