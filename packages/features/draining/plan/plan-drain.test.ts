import type { PodView } from "@plimsoll/model";
import { expect, test } from "vitest";
import { Random } from "../../../../bench/random.ts";
import { nodeOf, scenarioOf, type Scenario } from "../testing/scenario.ts";
import { World } from "../testing/world.ts";
import { type DrainPlan, type DrainRequest, type Eviction, explain, isOver, planDrain, type Verdict } from "./index.ts";

/** Drains by the planner, with watches that lag, until nothing more can be done. */
function drain({ world, drained, policy }: Scenario, random: Random, seen = 0.6): { last: DrainPlan; refused: number } {
  let inFlight: Eviction[] = [];
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
    const did = world.step(0.5, seen);
    inFlight = inFlight.filter((eviction) => !isOver(eviction, request()));
    const plan = planDrain(request());
    if (random.chance(0.1)) expect(planDrain(request())).toEqual(plan);
    fitTogether(plan, request());
    for (const eviction of plan.evict) {
      if (policy.surge && eviction.pod.owner?.kind === "ReplicaSet" && world.pods.get(eviction.pod.uid)?.isReady === true)
        expect(world.readySiblings(eviction.pod)).toBeGreaterThan(0);
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
    const isDone = inFlight.length === 0 && [...plan.left.values()].every((left) => left === 0);
    if (isDone || idle > 400) return { last: plan, refused: world.answers[429] };
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

test("15 of 50 nodes with 1,500 pods under 60 budgets are drained, and no budget is asked for more than it allows", () => {
  const random = new Random(50);
  const world = new World(random);
  for (let at = 0; at < 50; at++) world.addNode(nodeOf(at, { cpu: "32", memory: "256Gi", pods: "110" }));
  for (let at = 0; at < 60; at++) {
    const place = { namespace: `ns-${at % 6}`, name: `w${at}` };
    const requests = { cpu: "400m", memory: "1Gi" };
    const spec = { terminationGracePeriodSeconds: 1, containers: [{ name: "main", resources: { requests } }] };
    world.addWorkload({
      ...place,
      kind: "ReplicaSet",
      replicas: 25,
      template: () => ({ metadata: { labels: { app: place.name } }, spec }),
    });
    world.addBudget({ metadata: place, spec: { selector: { matchLabels: { app: place.name } }, maxUnavailable: 1 + (at % 3) } });
  }
  world.settle();
  expect(world.pods.size).toBe(1_500);
  const drained = Array.from({ length: 15 }, (_, at) => `node-${String(at).padStart(2, "0")}`);
  const policy = { maxParallel: 5, jobsUntil: 0, surge: false, evictsUnmanaged: false, deletesLocalData: false };
  const { last } = drain({ world, drained, policy }, random, 0.99);
  expect([...last.left.values()]).toEqual(drained.map(() => 0));
  expect(world.violations).toBe(0);
  expect(world.answers).toMatchObject({ 429: 0, 500: 0 });
  expect(world.answers[201]).toBeGreaterThan(300);
});

test.each(seeds)("a drain comes to its end, or names what keeps it, and asks of no budget more than it allows (seed %i)", (seed) => {
  const random = new Random(seed);
  const scenario = scenarioOf(random, { nodes: 10, workloads: 14 });
  const { last, refused } = drain(scenario, random);
  expect(scenario.world.violations).toBe(0);
  expect(refused).toBe(0);
  const odd = [...last.verdicts.values()].filter(({ verdict, pod }) => !isFinal(verdict, scenario.policy, pod));
  expect(odd.map(({ pod, verdict }) => `${pod.name} ${explain(verdict)}`)).toEqual([]);
});
