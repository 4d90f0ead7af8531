import { groupOf, isObject } from "@plimsoll/model/sizing";
import type { Template } from "../observe/template.ts";
import { beginning } from "./begin.ts";
import type { Change } from "./change.ts";
import { crashing } from "./harm.ts";
import { nextOf, type ContainerChange } from "./next.ts";
import type { Applied, Rules, Situation, WantedOf } from "./situation.ts";
import { takenBack } from "./wanted.ts";

const nothing: Applied = { begun: [], resizes: [], hindrances: [], wakeAt: Infinity };

/** Changes a template, and so its controller replaces the pods: only while they do well, and one may be missing. */
export function byTemplate(
  situation: Situation,
  changes: ReadonlyMap<string, Change>,
  wantedOf: WantedOf,
  rules: Rules,
  now: number,
): Applied {
  const { template, title, advice, pods, refused } = situation;
  const refuse = (why: string, wakeAt = Infinity): Applied => ({ ...nothing, hindrances: [`${title}: ${why}`], wakeAt });
  if (template === undefined)
    return mayHavePods(situation) && [...advice.values()].some(({ wanted }) => wanted !== undefined)
      ? refuse("it has no template that could be changed: use in-place or on-restart for it")
      : nothing;
  const refusal = refused.get(template.uid);
  if (refusal !== undefined) return refuse(refusal.message);
  const back = changesOf(template, (name, has) => {
    const change = changes.get(name);
    return change && takenBack(has, change, advice.get(name)?.wanted, true);
  });
  // What did harm is undone at once, whatever else there is.
  if (back.length > 0) return { ...nothing, template: { template, containers: back } };
  const differing = changesOf(template, (name, has) => {
    const found = wantedOf(name);
    return found && nextOf(has, found.wanted, { ...rules, dropsLimits: true }, found.upOnly);
  });
  if (differing.length === 0) return nothing;
  if (rules.closed !== undefined) return refuse(rules.closed);
  const crash = crashing(pods, now);
  if (crash !== undefined) return refuse(crash.message, crash.until);
  const hindrance = template.replacesPods ? hindranceOf(template, situation, rules) : undefined;
  if (hindrance !== undefined) return refuse(hindrance);
  const found = beginning(differing, situation, changes, rules, now);
  if ("waitsUntil" in found) return { ...nothing, wakeAt: found.waitsUntil };
  return { ...nothing, begun: found.begun, template: { template, containers: differing } };
}

/** Whether there is still something to change: what was deleted is known for days, and what comes and goes has pods again. */
function mayHavePods({ about, pods }: Situation): boolean {
  return pods.some(({ isOver }) => !isOver) || !isObject(about) || groupOf(about.apiVersion) === "plimsoll.dev";
}

function changesOf(
  { containers }: Template,
  next: (name: string, has: ContainerChange["now"]) => ContainerChange["next"] | undefined,
): ContainerChange[] {
  return containers.flatMap(({ name, isSidecar = false, ...now }) => {
    const found = next(name, now);
    return found === undefined ? [] : [{ name, isSidecar, now, next: found }];
  });
}

function hindranceOf({ rollout }: Template, { budgets }: Situation, { respectBudgets }: Rules): string | undefined {
  if (rollout.state !== "steady") return `its roll-out is ${rollout.state}: ${rollout.message}`;
  const budget = respectBudgets ? budgets.find(({ status }) => status.disruptionsAllowed < 1) : undefined;
  return budget && `the PodDisruptionBudget ${budget.name} (${budget.limit}) allows no pod to be missing now`;
}
