import { sizedResources } from "@plimsoll/model/sizing";
import { catchingUp } from "./catching-up.ts";
import { byTemplate } from "./by-template.ts";
import { carries, isNear, only } from "./resources.ts";
import { harmDone, patienceEnds } from "./harm.ts";
import { inPlace } from "./in-place.ts";
import { stallEnds } from "./progress.ts";
import { leftOf, madeOf, withMade, withoutMade, type Change } from "./change.ts";
import type { Rules, Situation, WantedOf, WorkloadDecision } from "./situation.ts";

/** What to do about a workload's requests. */
export function decideWorkload(situation: Situation, rules: Rules, now: number): WorkloadDecision {
  const changes = new Map<string, Change>();
  /** What was taken back whole and is held no more: how often that was is to be known when it is tried again. */
  const failed = new Map<string, Change>();
  for (const [container, change] of situation.changes) {
    const left = leftOf(change, now);
    if (left !== undefined) changes.set(container, left);
    else if (change.takenBack?.whole) failed.set(container, change);
  }
  const { mode } = rules;
  const isByTemplate =
    mode === "recreate" || situation.template?.kind === "CronJob" || (mode === "recommend" && isMadeIn(situation.template, changes));
  for (const [container, change] of isByTemplate ? unmade(situation, changes) : [])
    if (change === undefined) changes.delete(container);
    else changes.set(container, change);
  for (const [container, change] of harmDone(situation, changes, rules, isByTemplate, now)) changes.set(container, change);
  const wantedOf: WantedOf = (container) => {
    const back = changes.get(container)?.takenBack;
    const { wanted, upOnly = false } = situation.advice.get(container) ?? {};
    // Where there was no room for more, more isn't tried again.
    return wanted === undefined || back?.whole ? undefined : { wanted, upOnly: upOnly || back !== undefined };
  };
  const { begun, ...rest } = (isByTemplate ? byTemplate : inPlace)(situation, changes, wantedOf, rules, now);
  for (const { container, change } of begun) changes.set(container, again(change, failed.get(container), rules));
  // A Job has its CronJob's template as that was: pods by which it is tried again don't get what is new in it.
  const resizes = isByTemplate && mode !== "recreate" ? catchingUp(situation, changes, rules, now) : rest.resizes;
  const ends = [...changes.values()].flatMap(({ takenBack }) => (takenBack === undefined ? [] : [takenBack.until]));
  for (const [container, change] of failed) if (!changes.has(container)) changes.set(container, change);
  const refusals = [...situation.refused.values()].map(({ until }) => until);
  const stalls = isByTemplate ? stallEnds(situation, changes, rules, now) : Infinity;
  return { ...rest, resizes, changes, wakeAt: Math.min(rest.wakeAt, patienceEnds(situation.pods, now), stalls, ...ends, ...refusals) };
}

/** Whether a template has one of these changes: by which mode they were made isn't known any more. */
function isMadeIn(template: Situation["template"], changes: ReadonlyMap<string, Change>): boolean {
  return (template?.containers ?? []).some((has) => {
    const change = changes.get(has.name);
    const made = change && madeOf(change);
    return made !== undefined && carries(has, made.to);
  });
}

/** A change that begins, with how often about the same was taken back before. */
function again(change: Change, before: Change | undefined, { minChange }: Rules): Change {
  const failures = before !== undefined && isNear(before.to, change.to, minChange) ? before.failures : undefined;
  return failures === undefined ? change : { ...change, failures };
}

/**
 * What is left of changes that the API server has refused to make in the template: what there was before, which may be an earlier change's doing.
 * They begin anew once they may be tried again.
 */
function unmade({ template, refused }: Situation, changes: ReadonlyMap<string, Change>): [string, Change | undefined][] {
  if (template === undefined || !refused.has(template.uid)) return [];
  return template.containers.flatMap((has): [string, Change | undefined][] => {
    const change = changes.get(has.name);
    const made = change && madeOf(change);
    if (change === undefined || made === undefined || carries(has, made.to)) return [];
    const of = sizedResources.filter((one) => made.to.requests[one] !== undefined || made.to.limits[one] !== undefined);
    return [[has.name, carries(has, made.from) ? withoutMade(change) : withMade(change, { ...made, to: only(has, of) })]];
  });
}
