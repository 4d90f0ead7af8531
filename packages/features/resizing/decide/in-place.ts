import type { ResizablePod } from "../observe/pod.ts";
import type { Change } from "./change.ts";
import { crashing } from "./harm.ts";
import { podChange, type ContainerChange, type Tolerance } from "./pod-change.ts";
import { isNear, isSame, plain, type Resources } from "./resources.ts";
import type { Wanted } from "./wanted.ts";
import type { Applied, Resize, Rules, Situation } from "./situation.ts";

/** For so long after it was made, a pod counts as one that starts, in milliseconds. */
const youth = 5 * 60_000;

/** Changes pods as they are: of a workload first one, and the others when it has done well for a while. */
export function inPlace(
  situation: Situation,
  changes: ReadonlyMap<string, Change>,
  wantedOf: (container: string) => Wanted | undefined,
  rules: Rules,
  now: number,
): Applied {
  const { title, pods, advice, refused } = situation;
  const said = (why: string): string => `${title}: ${why}`;
  const live = pods.filter(({ isOver, isEnding }) => !isOver && !isEnding);
  const [stuck, others] = [live.filter(isStuck), live.filter((pod) => !isStuck(pod))];
  // The kubelet would try it for ever, and the scheduler count it.
  const resizes: Resize[] = stuck.map((pod) => ({ pod, containers: asGiven(pod) })).filter(({ containers }) => containers.length > 0);
  const hindrances = stuck.map(({ name, resize }) => said(`pod ${name} can't be resized on its node: ${resize?.message ?? ""}`));

  const steady = (container: string): Wanted | undefined => {
    const [wanted, change] = [wantedOf(container), changes.get(container)];
    if (wanted === undefined || change === undefined || wanted.isBack) return wanted;
    // Where others have it already, all get the same, though what is recommended has moved a little since.
    return isNear(change.to, wanted, rules.minChange)
      ? { ...wanted, requests: { ...wanted.requests, ...change.to.requests }, limits: { ...wanted.limits, ...change.to.limits } }
      : wanted;
  };
  const tolerance: Tolerance = { minChange: rules.minChange, downOnly: rules.downOnly };
  const due: Resize[] = [];
  for (const pod of others) {
    const isBack = pod.shape.containers.some(({ name }) => wantedOf(name)?.isBack);
    if (rules.mode === "on-restart" && now - pod.createdAt > youth && !isBack) continue;
    const found = podChange(pod, steady, tolerance);
    hindrances.push(...found.hindrances.map(said));
    const why = refused.get(pod.uid);
    if (found.containers.length > 0 && why !== undefined) hindrances.push(said(`pod ${pod.name}: ${why}`));
    else if (found.containers.length > 0) due.push({ pod, containers: found.containers });
  }
  const back = due.filter(({ containers }) => containers.some(({ name }) => wantedOf(name)?.isBack));
  const rest = due.filter((one) => !back.includes(one));
  const result = { resizes: [...resizes, ...back], hindrances: [...new Set(hindrances)] };
  if (rest.length === 0) return { ...result, begun: [], wakeAt: Infinity };
  if (rules.closed !== undefined) return { ...result, hindrances: [...result.hindrances, said(rules.closed)], begun: [], wakeAt: Infinity };
  const crash = crashing(pods, now);
  if (crash !== undefined) return { ...result, hindrances: [...result.hindrances, said(crash.message)], begun: [], wakeAt: crash.until };

  const first = rest.toSorted((a, b) => Number(b.pod.isPlaced) - Number(a.pod.isPlaced) || b.pod.createdAt - a.pod.createdAt)[0];
  const fresh = first === undefined ? [] : first.containers.filter(({ name, next }) => !isOf(changes.get(name), next, rules));
  const begun = fresh.flatMap(({ name, now: from, next: to }) => {
    const key = advice.get(name)?.key;
    return key === undefined ? [] : [{ container: name, change: { key, at: now, from: plain(from), to } }];
  });
  // What starts has nothing to lose yet.
  if (rules.mode === "on-restart") return { ...result, resizes: [...result.resizes, ...rest], begun, wakeAt: Infinity };
  if (begun.length > 0) return { ...result, resizes: [...result.resizes, ...(first ? [first] : [])], begun, wakeAt: now + rules.settle };
  const at = Math.max(...(first?.containers ?? []).map(({ name }) => changes.get(name)?.at ?? now));
  const carriers = others.filter((pod) => carries(pod, changes, first?.containers ?? []));
  const isSettled = now >= at + rules.settle && carriers.every(({ resize }) => resize === undefined);
  if (carriers.length > 0 && !isSettled) {
    const pending = carriers.find(({ resize }) => resize !== undefined);
    const waits = pending?.resize && said(`pod ${pending.name} isn't resized yet: ${pending.resize.message || pending.resize.state}`);
    return {
      ...result,
      hindrances: [...result.hindrances, ...(waits ? [waits] : [])],
      begun,
      wakeAt: Math.max(at + rules.settle, now + 1_000),
    };
  }
  // Cut off before the first was resized, or that is gone: it is first again.
  return {
    ...result,
    resizes: [...result.resizes, ...(carriers.length > 0 ? rest : first ? [first] : [])],
    begun,
    wakeAt: at + rules.settle > now ? at + rules.settle : Infinity,
  };
}

/** Whether a change that was begun is to this. */
function isOf(change: Change | undefined, next: Resources, { minChange }: Rules): boolean {
  return change !== undefined && change.takenBack === undefined && (isSame(change.to, next) || isNear(change.to, next, minChange));
}

function carries(pod: ResizablePod, changes: ReadonlyMap<string, Change>, containers: readonly ContainerChange[]): boolean {
  return containers.every(({ name }) => {
    const [has, change] = [pod.shape.containers.find((one) => one.name === name), changes.get(name)];
    return has !== undefined && change !== undefined && isNear(has, change.to, 1);
  });
}

function isStuck({ resize }: ResizablePod): boolean {
  return resize?.state === "Infeasible" || resize?.state === "Error";
}

/** What the kubelet gives a pod's containers, where they ask for something else. */
function asGiven({ shape, given }: ResizablePod): ContainerChange[] {
  return shape.containers.flatMap((container) => {
    const has = given[container.name];
    if (has === undefined) return [];
    // The API server lets no amount go.
    const next = { requests: { ...container.requests, ...has.requests }, limits: { ...container.limits, ...has.limits } };
    return isSame(container, next) ? [] : [{ name: container.name, isSidecar: container.isSidecar ?? false, now: container, next }];
  });
}
