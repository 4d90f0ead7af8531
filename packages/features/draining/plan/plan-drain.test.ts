import type { PodView } from "@plimsoll/model";
import { expect, test } from "vitest";
import { Random } from "../../../../bench/random.ts";
import { scenarioOf, type Scenario } from "../testing/scenario.ts";
import { type DrainPlan, type DrainRequest, type Eviction, explain, isOver, planDrain, type Verdict } from "./index.ts";

/** Drains by the planner, with watches that lag, until nothing more can be done. */
function drain({ world, drained, policy }: Scenario, random: Random): { last: DrainPlan; refused: number; slowest: number } {
  let inFlight: Eviction[] = [];
  let slowest = 0;
  const surged = new Set<string>();
  const request = (): DrainRequest => ({
    cluster: world.seen,
    budgets: (namespace) => world.budgetsOf(namespace),
    drains: [{ nodes: drained, policy }],
    inFlight,
    now: world.now,
  });
  for (const node of drained) world.cordon(node);
  for (let idle = 0; ;) {
    const did = world.step(0.5, 0.6);
    inFlight = inFlight.filter((eviction) => !isOver(eviction, request()));
    const begun = performance.now();
    const plan = planDrain(request());
    slowest = Math.max(slowest, performance.now() - begun);
    if (random.chance(0.1)) expect(planDrain(request())).toEqual(plan);
    fitTogether(plan, request());
    for (const eviction of plan.evict) {
      const answer = world.evict(eviction.pod.uid);
      expect(answer).not.toBe(500);
      if (answer === 201) inFlight.push(eviction);
    }
    for (const { owner } of plan.surge) {
      const workload = world.workloads.get(owner.uid);
      if (workload === undefined || surged.has(owner.uid)) continue;
      surged.add(owner.uid);
      workload.replicas++;
    }
    idle = did || plan.evict.length > 0 ? 0 : idle + 1;
    if (idle > 400) return { last: plan, refused: world.answers[429], slowest };
  }
}

/** All of a plan's pods have room at once where it says. */
function fitTogether({ evict }: DrainPlan, { cluster, drains }: DrainRequest): void {
  cluster.rehearse(() => {
    for (const { pod, to } of evict) {
      if (to === undefined) continue;
      expect(drains[0]?.nodes).not.toContain(to);
      cluster.deletePod(pod.uid);
      expect(cluster.fits(pod, to)).toEqual([]);
      cluster.setPod({ ...pod, node: to, endsAt: undefined });
    }
  });
}

/** What may be left once nothing happens any more: what will never go as things are. */
function isFinal({ kind, ...verdict }: Verdict, policy: Scenario["policy"], pod: PodView): boolean {
  if (kind === "skipped" || kind === "refused" || kind === "blocked" || kind === "homeless") return true;
  if (kind !== "waits" || !("for" in verdict)) return false;
  // One more replica would help, but has no room; or there is room only if others went first, which never will.
  return verdict.for === "refused" || verdict.for === "room" || (verdict.for === "surge" && policy.surge && pod.node !== undefined);
}

const seeds = Array.from({ length: 150 }, (_, index) => index + 1);

test.each(seeds)("a drain comes to its end, or names what keeps it, and asks of no budget more than it allows (seed %i)", (seed) => {
  const random = new Random(seed);
  const scenario = scenarioOf(random, { nodes: 10, workloads: 14 });
  const { last, refused } = drain(scenario, random);
  expect(scenario.world.violations).toBe(0);
  expect(refused).toBe(0);
  const odd = [...last.verdicts.values()].filter(({ verdict, pod }) => !isFinal(verdict, scenario.policy, pod));
  expect(odd.map(({ pod, verdict }) => `${pod.name} ${explain(verdict)}`)).toEqual([]);
});
