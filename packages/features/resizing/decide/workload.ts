import { byTemplate } from "./by-template.ts";
import { harmDone, patienceEnds } from "./harm.ts";
import { inPlace } from "./in-place.ts";
import type { Rules, Situation, WorkloadDecision } from "./situation.ts";
import { wantedBack, type Wanted } from "./wanted.ts";

/** What to do about a workload's requests. */
export function decideWorkload(situation: Situation, rules: Rules, now: number): WorkloadDecision {
  const changes = new Map([...situation.changes].filter(([, { takenBack }]) => takenBack === undefined || takenBack.until > now));
  for (const [container, change] of harmDone(situation, changes, rules, now)) changes.set(container, change);
  const wantedOf = (container: string): Wanted | undefined => {
    const [change, advice] = [changes.get(container), situation.advice.get(container)];
    return change?.takenBack === undefined ? advice?.wanted : wantedBack(change, advice?.wanted);
  };
  const { template } = situation;
  const isByTemplate = rules.mode === "recreate" || template?.kind === "CronJob";
  const decide = isByTemplate ? byTemplate : inPlace;
  const { begun, ...rest } = decide(situation, changes, wantedOf, rules, now);
  for (const { container, change } of begun) changes.set(container, change);
  const ends = [...changes.values()].flatMap(({ takenBack }) => (takenBack === undefined ? [] : [takenBack.until]));
  return { ...rest, changes, wakeAt: Math.min(rest.wakeAt, patienceEnds(situation.pods, now), ...ends) };
}
