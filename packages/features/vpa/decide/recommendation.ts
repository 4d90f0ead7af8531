import type { VpaContainerPolicy, VpaContainerRecommendation, VpaSpec } from "@plimsoll/api";
import { parseQuantity } from "@plimsoll/model";
import type { Advice, ContainerAdvice, Quantities } from "./policy.ts";

type Amount = string | number;

/** What a VerticalPodAutoscaler's status recommends, within what its own spec allows, as its own recommender does. */
export function recommendationsFor({ resourcePolicy }: VpaSpec, { containers }: Pick<Advice, "containers">): VpaContainerRecommendation[] {
  const policies = resourcePolicy?.containerPolicies ?? [];
  const named = (name: string) => policies.find(({ containerName }) => containerName === name);
  return containers.flatMap((container) => recommendationFor(container, named(container.name) ?? named("*")) ?? []);
}

function recommendationFor(
  { name, recommended }: ContainerAdvice,
  { mode, controlledResources, minAllowed, maxAllowed }: VpaContainerPolicy = {},
): VpaContainerRecommendation | undefined {
  if (recommended === undefined || mode === "Off") return undefined;
  const { target, lower, upper } = recommended;
  const resources = Object.keys(target).filter((resource) => controlledResources?.includes(resource) ?? true);
  if (resources.length === 0) return undefined;
  const pick = (amountOf: (resource: string) => Amount | undefined): Record<string, Amount> =>
    Object.fromEntries(resources.flatMap((resource) => [[resource, amountOf(resource)]]).filter(([, amount]) => amount !== undefined));
  const capped = (resource: string, amount: Amount | undefined): Amount | undefined =>
    amount === undefined ? undefined : bounded(amount, minAllowed?.[resource], maxAllowed?.[resource]);
  // The updater evicts what is outside of these bounds: what asks for the target never may be.
  return {
    containerName: name,
    target: pick((resource) => capped(resource, target[resource])),
    lowerBound: pick((resource) => capped(resource, bound(lower, target, resource, -1))),
    upperBound: pick((resource) => capped(resource, bound(upper, target, resource, 1))),
    uncappedTarget: pick((resource) => target[resource]),
  };
}

/** The bound of a resource, or the target where that is beyond it. */
function bound(bounds: Quantities, target: Quantities, resource: string, side: 1 | -1): Amount | undefined {
  const [own, other] = [bounds[resource], target[resource]];
  return own === undefined || other === undefined || compare(own, other) * side >= 0 ? own : other;
}

/** As VerticalPodAutoscaler does it: a bound of nothing is none. */
function bounded(amount: Amount, min: Amount | undefined, max: Amount | undefined): Amount {
  const raised = min !== undefined && compare(min, 0) > 0 && compare(amount, min) < 0 ? min : amount;
  return max !== undefined && compare(max, 0) > 0 && compare(raised, max) > 0 ? max : raised;
}

function compare(one: Amount, other: Amount): number {
  const [a, b] = [parseQuantity(one) ?? 0n, parseQuantity(other) ?? 0n];
  return a < b ? -1 : Number(a > b);
}

/** Percent by which a bound may be off before it is written again: it moves with every sample. */
const slack = 10n;

/** The recommendations as they stand, where the new ones say the same but for bounds that have hardly moved. */
export function settled(
  before: readonly VpaContainerRecommendation[],
  after: readonly VpaContainerRecommendation[],
): readonly VpaContainerRecommendation[] {
  const isSettled =
    before.length === after.length &&
    after.every((one, index) => {
      const old = before[index];
      return (
        old !== undefined &&
        old.containerName === one.containerName &&
        isNear(old.target, one.target, 0n) &&
        isNear(old.uncappedTarget, one.uncappedTarget, 0n) &&
        isNear(old.lowerBound, one.lowerBound, slack) &&
        isNear(old.upperBound, one.upperBound, slack) &&
        holds(old, one.target)
      );
    });
  return isSettled ? before : after;
}

/** Whether a target is within bounds. */
function holds({ lowerBound = {}, upperBound = {} }: VpaContainerRecommendation, target: Readonly<Record<string, Amount>>): boolean {
  return Object.entries(target).every(
    ([resource, amount]) => compare(lowerBound[resource] ?? amount, amount) <= 0 && compare(upperBound[resource] ?? amount, amount) >= 0,
  );
}

function isNear(before: Readonly<Record<string, Amount>> = {}, after: Readonly<Record<string, Amount>> = {}, percent: bigint): boolean {
  const resources = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...resources].every((resource) => {
    const [old, now] = [before[resource], after[resource]];
    if (old === undefined || now === undefined) return false;
    const [a, b] = [parseQuantity(old) ?? 0n, parseQuantity(now) ?? 0n];
    return (a > b ? a - b : b - a) * 100n <= a * percent;
  });
}
