import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";
import type { LabelSelector } from "kubernetes-types/meta/v1.d.ts";
import { matches, type Labels } from "./selector.ts";

/** What is kept of a PodDisruptionBudget. */
export interface Budget {
  namespace: string;
  name: string;
  /** Changes with every change, also of the status. */
  resourceVersion: string;
  /** Grows with each change of the spec. */
  generation: number | undefined;
  selector: LabelSelector | undefined;
  minAvailable: number | string | undefined;
  maxUnavailable: number | string | undefined;
  /** What it allows, as in `maxUnavailable: 1`. */
  limit: string;
  /** Whether the pods' owner must be able to say how many there should be, by a scale subresource. */
  needsScale: boolean;
  /** Whether pods that aren't ready may always be evicted; otherwise only while enough others are healthy. */
  evictsUnhealthy: boolean;
  status: BudgetState;
}

/** What the disruption controller last counted. */
export interface BudgetState {
  /** Of which generation it speaks; undefined: it never counted. */
  observedGeneration: number | undefined;
  disruptionsAllowed: number;
  currentHealthy: number;
  desiredHealthy: number;
  expectedPods: number;
  /** The names of pods whose eviction was let through, and which the disruption controller hasn't seen ending yet. */
  disruptedPods: readonly string[];
  /** Why it can't count, as in `jobs.batch does not implement the scale subresource`; undefined: it can. */
  failure: string | undefined;
}

/** Why pods without a scale can never be evicted. */
export type Hindrance = { kind: "scale"; budget: Budget } | { kind: "many"; budgets: readonly Budget[] };

/** Takes of a PodDisruptionBudget what is kept. */
export function budgetOf({ metadata = {}, spec = {}, status }: PodDisruptionBudget): Budget {
  const { namespace = "", name = "", resourceVersion = "", generation } = metadata;
  const { selector, maxUnavailable, minAvailable } = spec;
  const limit =
    maxUnavailable !== undefined
      ? `maxUnavailable: ${maxUnavailable}`
      : minAvailable !== undefined
        ? `minAvailable: ${minAvailable}`
        : "neither minAvailable nor maxUnavailable";
  const condition = status?.conditions?.find(({ type }) => type === "DisruptionAllowed");
  return {
    namespace,
    name,
    resourceVersion,
    generation,
    selector,
    minAvailable,
    maxUnavailable,
    limit,
    needsScale: typeof minAvailable !== "number",
    evictsUnhealthy: (spec as { unhealthyPodEvictionPolicy?: string }).unhealthyPodEvictionPolicy === "AlwaysAllow",
    status: {
      observedGeneration: status?.observedGeneration,
      disruptionsAllowed: status?.disruptionsAllowed ?? 0,
      currentHealthy: status?.currentHealthy ?? 0,
      desiredHealthy: status?.desiredHealthy ?? 0,
      expectedPods: status?.expectedPods ?? 0,
      disruptedPods: Object.keys(status?.disruptedPods ?? {}),
      failure: condition?.reason === "SyncFailed" ? condition.message : undefined,
    },
  };
}

/** How features see budgets: the view is theirs in common. */
export const budgetView = { project: budgetOf, indexes: { namespace: ({ namespace }: Budget): readonly string[] => [namespace] } };

/**
 * What keeps pods with these labels, whose owner has no scale, from ever being evicted while they run; undefined: nothing does. Seen on
 * Kubernetes 1.36: a budget with maxUnavailable or a percentage then allows no eviction, and of a pod under two budgets every one fails.
 */
export function hindranceOf(budgets: readonly Budget[], labels: Labels): Hindrance | undefined {
  const over = budgets.filter(({ selector }) => matches(selector, labels));
  if (over.length > 1) return { kind: "many", budgets: over };
  const [budget] = over;
  return budget?.needsScale ? { kind: "scale", budget } : undefined;
}
