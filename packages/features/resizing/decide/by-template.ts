import { sizedResources } from "@plimsoll/model/sizing";
import type { Template } from "../observe/template.ts";
import type { Change } from "./change.ts";
import { crashing } from "./harm.ts";
import type { ContainerChange } from "./pod-change.ts";
import { isNear, isSame, plain, type Resources } from "./resources.ts";
import type { Wanted } from "./wanted.ts";
import type { Applied, Rules, Situation } from "./situation.ts";

const nothing: Applied = { begun: [], resizes: [], hindrances: [], wakeAt: Infinity };

/** Changes a template, and so its controller replaces the pods: only while they do well, and one may be missing. */
export function byTemplate(
  situation: Situation,
  _changes: ReadonlyMap<string, Change>,
  wantedOf: (container: string) => Wanted | undefined,
  rules: Rules,
  now: number,
): Applied {
  const { template, title, advice, pods } = situation;
  const refuse = (why: string, wakeAt = Infinity): Applied => ({ ...nothing, hindrances: [`${title}: ${why}`], wakeAt });
  if (template === undefined)
    return [...advice.values()].some(({ wanted }) => wanted !== undefined)
      ? refuse("it has no template that could be changed: use in-place or on-restart for it")
      : nothing;
  const differing = template.containers.flatMap((container) => {
    const wanted = wantedOf(container.name);
    const next = wanted && nextOf(container, wanted, rules);
    if (wanted === undefined || next === undefined) return [];
    const isLeft = isSame(container, next) || (!wanted.isBack && isNear(container, next, rules.minChange));
    const change: ContainerChange = { name: container.name, isSidecar: container.isSidecar ?? false, now: container, next };
    return isLeft ? [] : [{ change, isBack: wanted.isBack }];
  });
  if (differing.length === 0) return nothing;
  const back = differing.filter(({ isBack }) => isBack);
  // What did harm is undone at once, whatever else there is.
  if (back.length > 0) return { ...nothing, template: { template, containers: back.map(({ change }) => change) } };
  if (rules.closed !== undefined) return refuse(rules.closed);
  const crash = crashing(pods, now);
  if (crash !== undefined) return refuse(crash.message, crash.until);
  const hindrance = template.replacesPods ? hindranceOf(template, situation, rules) : undefined;
  if (hindrance !== undefined) return refuse(hindrance);
  const begun = differing.flatMap(({ change: { name, now: from, next: to } }) => {
    const key = advice.get(name)?.key;
    return key === undefined ? [] : [{ container: name, change: { key, at: now, from: plain(from), to } }];
  });
  return { ...nothing, begun, template: { template, containers: differing.map(({ change }) => change) } };
}

function hindranceOf({ rollout }: Template, { budgets }: Situation, { respectBudgets }: Rules): string | undefined {
  if (rollout.state !== "steady") return `its roll-out is ${rollout.state}: ${rollout.message}`;
  const budget = respectBudgets ? budgets.find(({ status }) => status.disruptionsAllowed < 1) : undefined;
  return budget && `the PodDisruptionBudget ${budget.name} (${budget.limit}) allows no pod to be missing now`;
}

function nextOf(now: Resources, wanted: Wanted, { downOnly }: Rules): Resources {
  const requests = { ...now.requests };
  const limits = { ...now.limits };
  for (const resource of sizedResources) {
    const want = wanted.requests[resource];
    if (want === undefined || (downOnly && !wanted.isBack && want > (now.requests[resource] ?? 0))) continue;
    requests[resource] = want;
    const limit = wanted.limits[resource];
    if (wanted.unlimited.includes(resource)) delete limits[resource];
    // What was removed by a change comes back with it.
    else if (wanted.isBack ? limit !== undefined : now.limits[resource] !== undefined)
      limits[resource] = Math.max(want, limit ?? now.limits[resource] ?? 0);
  }
  return { requests, limits };
}
