import { appliedConfidence, type Recommendation, type RightSizingPolicy } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";
import { parseQuantity } from "@plimsoll/model";
import { isObject } from "@plimsoll/model/sizing";
import { isMistaken, targetKey, type Target } from "../target.ts";

type Spec = RightSizingPolicy["spec"];

/** Amounts by resource, as they are written in manifests. */
export type Quantities = Readonly<Record<string, string>>;

/** What is known of a workload's container. */
export interface ContainerAdvice {
  name: string;
  resources: readonly string[];
  limits: "ratio" | "keep" | "remove";
  /** Missing: there is nothing to apply, and `why` says why. */
  recommended?: { target: Quantities; lower: Quantities; upper: Quantities };
  why: string;
}

/** What a policy recommends for a workload's containers. */
export interface Advice extends Target {
  apiVersion: string;
  containers: readonly ContainerAdvice[];
}

/** A RightSizingPolicy as it is decided by: without the checkpoints, and whatever else changes often. */
export interface Policy {
  metadata: { namespace: string; name: string; uid: string; creationTimestamp: string };
  /** How the VerticalPodAutoscalers that are to be made apply; undefined: none are. */
  updateMode: string | undefined;
  /** By the targets' keys. */
  advice: ReadonlyMap<string, Advice>;
}

/** Undefined for one that is being deleted: what was made for it goes with it. */
export function policyOf({ metadata, spec, status }: Stored<RightSizingPolicy>): Policy | undefined {
  const { namespace = "", name, uid, creationTimestamp, deletionTimestamp } = metadata;
  if (deletionTimestamp !== undefined) return undefined;
  const { verticalPodAutoscalers, mode = "recommend" } = spec;
  const advice = new Map<string, Advice & { containers: ContainerAdvice[] }>();
  for (const one of status?.recommendations ?? []) {
    const { apiVersion, kind, name, step } = one;
    // Pods of nobody's, steps, and Jobs that are sized together are no target; what would be mistaken for another's is none, either.
    if (step !== undefined || kind === "Pod" || !isObject(one) || isMistaken(one)) continue;
    const key = targetKey(namespace, one);
    const known = advice.get(key) ?? { apiVersion, kind, name, containers: [] };
    if (known.apiVersion !== apiVersion) continue;
    advice.set(key, known);
    known.containers.push(adviceOf(spec, one));
  }
  return {
    metadata: { namespace, name, uid, creationTimestamp },
    updateMode: verticalPodAutoscalers && mode === "recommend" ? (verticalPodAutoscalers.updateMode ?? "Initial") : undefined,
    advice,
  };
}

function adviceOf(spec: Spec, { container: name, target, lower, upper, confidence, reason, heldBy = [] }: Recommendation): ContainerAdvice {
  const own = spec.containers?.find((container) => container.name === name);
  // What it changes itself is its own matter.
  const scaled = heldBy.flatMap(({ kind, resources }) => (kind === "HorizontalPodAutoscaler" ? resources : []));
  const settings = {
    name,
    resources: (own?.resources ?? spec.resources ?? ["cpu", "memory"]).filter((resource) => !scaled.includes(resource)),
    limits: own?.limits ?? spec.limits ?? "ratio",
  };
  const isUnsure = confidence < (spec.minConfidence ?? appliedConfidence);
  const of = (amounts: object | undefined): Quantities => quantities(amounts, scaled);
  const recommended = { target: of(target), lower: of(lower), upper: of(upper) };
  if (own?.ignore === true) return { ...settings, why: "Ignored" };
  if (Object.keys(recommended.target).length === 0)
    return { ...settings, why: target === undefined ? reason : scaled.length > 0 ? "Scaled" : "NoTarget" };
  return isUnsure ? { ...settings, why: "Unsure" } : { ...settings, recommended, why: reason };
}

/** Of a status, which others may have written, too: what is no quantity, or less than nothing, is left out. */
function quantities(amounts: object = {}, without: readonly string[]): Quantities {
  return Object.fromEntries(
    Object.entries(amounts).filter(([resource, amount]) => !without.includes(resource) && (parseQuantity(String(amount)) ?? -1n) >= 0n),
  );
}
