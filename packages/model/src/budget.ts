import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";
import type { LabelSelector } from "kubernetes-types/meta/v1.d.ts";
import { matches, type Labels } from "./selector.ts";

/** What is kept of a PodDisruptionBudget. */
export interface Budget {
  namespace: string;
  name: string;
  /** Grows with each change of the spec. */
  generation: number | undefined;
  selector: LabelSelector | undefined;
  /** What it allows, as in `maxUnavailable: 1`. */
  limit: string;
  /** Whether the pods' owner must be able to say how many there should be, by a scale subresource. */
  needsScale: boolean;
}

/** Why pods without a scale can never be evicted. */
export type Hindrance = { kind: "scale"; budget: Budget } | { kind: "many"; budgets: readonly Budget[] };

/** Takes of a PodDisruptionBudget what is kept. */
export function budgetOf({ metadata = {}, spec = {} }: PodDisruptionBudget): Budget {
  const { namespace = "", name = "", generation } = metadata;
  const { selector, maxUnavailable, minAvailable } = spec;
  const limit =
    maxUnavailable !== undefined
      ? `maxUnavailable: ${maxUnavailable}`
      : minAvailable !== undefined
        ? `minAvailable: ${minAvailable}`
        : "neither minAvailable nor maxUnavailable";
  return { namespace, name, generation, selector, limit, needsScale: typeof minAvailable !== "number" };
}

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
