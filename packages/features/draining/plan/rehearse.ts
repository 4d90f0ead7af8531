import type { Budget, PodView } from "@plimsoll/model";
import type { DrainPlan, Surge, Verdict } from "./plan.ts";
import { close, planDrain } from "./plan-drain.ts";
import type { DrainRequest } from "./request.ts";

/**
 * The waves in which nodes would be drained if every successor came up at once where it was planned, every job took the time that it was
 * given, and every budget were as it is now. What is left in the last plan would not go. The cluster is left as it was.
 */
export function rehearse(request: DrainRequest): DrainPlan[] {
  const { cluster } = request;
  return cluster.rehearse(() => {
    close(request);
    const surged = new Map<string, Budget>();
    const budgets = (namespace: string): readonly Budget[] =>
      request.budgets(namespace).map((budget) => surged.get(`${namespace}/${budget.name}`) ?? budget);
    const plans: DrainPlan[] = [];
    for (let now = request.now; ; now += 1) {
      const plan = planDrain({ ...request, budgets, now, inFlight: plans.length === 0 ? request.inFlight : [] });
      plans.push(plan);
      for (const { pod, to } of plan.evict) move(pod, to, now);
      const surges = plan.surge.filter((surge) => add(surge, now));
      if (plan.evict.length + surges.length > 0) continue;
      const ends = [...plan.verdicts.values()].flatMap(({ pod, verdict }) => endOf(pod, verdict, now));
      if (ends.length === 0) return plans;
      now = Math.min(...ends.map(({ at }) => at));
      for (const { pod, at } of ends) if (at <= now) cluster.deletePod(pod.uid);
    }

    function move(pod: PodView, to: string | undefined, now: number): void {
      if (to === undefined) cluster.deletePod(pod.uid);
      else cluster.setPod({ ...pod, node: to, phase: "Running", isReady: true, createdAt: now, startedAt: now });
    }

    function add({ pod, budget }: Surge, now: number): boolean {
      const key = budget === undefined ? "" : `${budget.namespace}/${budget.name}`;
      const uid = `${pod.uid}+`;
      if (cluster.pod(uid) !== undefined) return false;
      if (cluster.place({ ...pod, uid, createdAt: now, startedAt: now }).node === undefined) return false;
      if (budget !== undefined) {
        const { disruptionsAllowed, currentHealthy, expectedPods } = budget.status;
        const status = { disruptionsAllowed: disruptionsAllowed + 1, currentHealthy: currentHealthy + 1, expectedPods: expectedPods + 1 };
        surged.set(key, { ...budget, status: { ...budget.status, ...status } });
      }
      return true;
    }
  });
}

/** When a pod that waits, or ends, is taken to be gone. */
function endOf(pod: PodView, verdict: Verdict, now: number): { pod: PodView; at: number }[] {
  if (verdict.kind === "ending") return [{ pod, at: Math.max(now, pod.endsAt ?? now) }];
  return verdict.kind === "waits" && verdict.for === "job" ? [{ pod, at: Math.max(now, verdict.until) }] : [];
}
