import { byTemplate } from "./by-template.ts";
import { harmDone, patienceEnds } from "./harm.ts";
import { inPlace } from "./in-place.ts";
import type { Rules, Situation, WantedOf, WorkloadDecision } from "./situation.ts";

/** What to do about a workload's requests. */
export function decideWorkload(situation: Situation, rules: Rules, now: number): WorkloadDecision {
  const changes = new Map([...situation.changes].filter(([, { takenBack }]) => takenBack === undefined || takenBack.until > now));
  const isByTemplate = rules.mode === "recreate" || situation.template?.kind === "CronJob";
  for (const [container, change] of harmDone(situation, changes, rules, isByTemplate, now)) changes.set(container, change);
  const wantedOf: WantedOf = (container) => {
    const [back, wanted] = [changes.get(container)?.takenBack, situation.advice.get(container)?.wanted];
    // Where there was no room for more, more isn't tried again.
    return wanted === undefined || back?.whole ? undefined : { wanted, upOnly: back !== undefined };
  };
  const { begun, ...rest } = (isByTemplate ? byTemplate : inPlace)(situation, changes, wantedOf, rules, now);
  for (const { container, change } of begun) changes.set(container, change);
  const ends = [...changes.values()].flatMap(({ takenBack }) => (takenBack === undefined ? [] : [takenBack.until]));
  const refusals = [...situation.refused.values()].map(({ until }) => until);
  return { ...rest, changes, wakeAt: Math.min(rest.wakeAt, patienceEnds(situation.pods, now), ...ends, ...refusals) };
}
