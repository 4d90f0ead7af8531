import { sizedResources } from "@plimsoll/model/sizing";
import type { ResizablePod } from "../observe/pod.ts";
import type { Template } from "../observe/template.ts";
import type { Change } from "./change.ts";
import { carries, isLower, only, type Resources } from "./resources.ts";
import type { Rules, Situation } from "./situation.ts";
import { takenBack, type Wanted } from "./wanted.ts";

/** How long ago a crash counts as one of now, and a pod may wait for a node, in milliseconds. */
const calm = 10 * 60_000;
/** How long a template may take to show a change that was written, in milliseconds. */
const shown = 2 * 60_000;

/** What a change has done; whole: there was no room for it, so that nothing of it may stay. */
interface Harm {
  why: string;
  whole: boolean;
}

/** The changes that did harm, by container, taken back. */
export function harmDone(
  { pods, template, advice }: Situation,
  changes: ReadonlyMap<string, Change>,
  { watch, hold }: Rules,
  isByTemplate: boolean,
  now: number,
): Map<string, Change> {
  const found = new Map<string, Change>();
  for (const [container, change] of changes) {
    if (change.takenBack !== undefined) {
      const raise = isByTemplate ? undefined : impossibleRaise(pods, container, change, advice.get(container)?.wanted);
      if (raise !== undefined) found.set(container, { ...raise, takenBack: { ...raise.takenBack, until: now + hold } });
      continue;
    }
    const own = isByTemplate && now < change.at + watch ? templateHarm(template, container, change, now) : undefined;
    const harm = pods.reduce<Harm | undefined>((before, pod) => before ?? podHarm(pod, container, change, watch, now), own);
    if (harm !== undefined) found.set(container, { ...change, takenBack: { ...harm, until: now + hold } });
  }
  return found;
}

/** When a pod that no node takes will have waited for one for too long; Infinity: there is none. */
export function patienceEnds(pods: readonly ResizablePod[], now: number): number {
  return pods.reduce((least, { unplaceableSince }) => {
    const end = unplaceableSince === undefined ? Infinity : unplaceableSince + calm;
    return end > now ? Math.min(least, end) : least;
  }, Infinity);
}

/** What a pod has come to that has a change: it may have begun long after that. What is told to end may end as it likes. */
function podHarm(pod: ResizablePod, container: string, { at, to }: Change, watch: number, now: number): Harm | undefined {
  const has = pod.shape.containers.find(({ name }) => name === container);
  if (has === undefined || pod.isEnding || !carries(has, to)) return undefined;
  if (pod.resize !== undefined && isImpossible(pod)) return { why: impossibility(pod), whole: true };
  if (now >= Math.max(at, pod.createdAt) + watch) return undefined;
  const ends = pod.badEnds.filter((one) => one.container === container && one.at > at);
  // A crash may come of a kill before it, and says less.
  const end = ends.find(({ isKill }) => isKill) ?? ends[0];
  if (end !== undefined) return { why: `in pod ${pod.name}, it ${end.how}`, whole: false };
  const { unplaceableSince: since } = pod;
  return since !== undefined && since > at && now >= since + calm ? { why: `no node takes pod ${pod.name}`, whole: true } : undefined;
}

/**
 * What is raised while something is held isn't watched as a change. Where a pod's node can't do it, it becomes the one that is taken back, once
 * all pods have got back what the last one lowered.
 */
function impossibleRaise(
  pods: readonly ResizablePod[],
  container: string,
  change: Change,
  wanted: Wanted | undefined,
): (Omit<Change, "takenBack"> & { takenBack: Harm }) | undefined {
  if (change.takenBack?.whole) return undefined;
  const those = pods.flatMap((pod) => {
    const has = pod.shape.containers.find(({ name }) => name === container);
    return has === undefined || pod.isOver || pod.isEnding ? [] : [{ pod, has }];
  });
  if (those.some(({ has }) => takenBack(has, change, wanted, false) !== undefined)) return undefined;
  for (const { pod, has } of those) {
    const had = isImpossible(pod) ? pod.resize?.had[container] : undefined;
    if (had === undefined) continue;
    // Nobody gets less than there was before the change that is held.
    const least = { requests: mostOf(had.requests, change.from.requests), limits: mostOf(had.limits, change.from.limits) };
    const of = sizedResources.filter((resource) => isLower(only(least, [resource]), only(has, [resource])));
    if (of.length > 0) return { ...change, from: only(least, of), to: only(has, of), takenBack: { why: impossibility(pod), whole: true } };
  }
  return undefined;
}

/** Of each resource in the first list, the larger amount. */
function mostOf(amounts: Resources["requests"], others: Resources["requests"]): Resources["requests"] {
  return Object.fromEntries(Object.entries(amounts).map(([resource, amount]) => [resource, Math.max(amount, others[resource] ?? 0)]));
}

/** Whether the node can't do what is asked of it: the kubelet would try it for ever, and the scheduler count it. */
export function isImpossible({ resize }: ResizablePod): boolean {
  return resize?.state === "Infeasible" || resize?.state === "Error";
}

function impossibility({ name, resize }: ResizablePod): string {
  return `pod ${name} can't be resized on its node: ${resize?.message ?? ""}`;
}

function templateHarm(template: Template | undefined, container: string, { at, to }: Change, now: number): Harm | undefined {
  const has = template?.containers.find(({ name }) => name === container);
  if (template === undefined || has === undefined) return undefined;
  if (!carries(has, to)) return now >= at + shown ? { why: "the template was set back by somebody else", whole: false } : undefined;
  return template.rollout.state === "failed" ? { why: `the roll-out failed: ${template.rollout.message}`, whole: true } : undefined;
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
