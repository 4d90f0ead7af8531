import type { VpaCondition, VpaStatus } from "@plimsoll/api";
import { isMistaken, isTarget, titleOf } from "../target.ts";
import type { Autoscaler } from "./autoscaler.ts";
import type { Advice, Policy } from "./policy.ts";
import { recommendationsFor, settled } from "./recommendation.ts";

/** What a policy says of a VerticalPodAutoscaler's target. */
export interface Source {
  policy: Pick<Policy, "metadata">;
  advice: Advice;
}

type Told = Omit<VpaCondition, "lastTransitionTime">;

/**
 * What the status of a VerticalPodAutoscaler that names Plimsoll as its recommender is to say. Without a recommendation it says so, and why:
 * VerticalPodAutoscaler's updater evicts for whatever stands there. `now` in milliseconds since 1970.
 */
export function statusOf({ target, spec, status }: Autoscaler, source: Source | undefined, now: number): VpaStatus {
  const advised = source !== undefined && target !== undefined && isTarget(target, source.advice) ? source : undefined;
  const before = status.recommendation?.containerRecommendations ?? [];
  const found = settled(before, advised === undefined ? [] : recommendationsFor(spec, advised.advice));
  const told = advised === undefined ? untargeted(target) : conditionsOf(advised, new Set(found.map((one) => one.containerName ?? "")));
  return {
    ...(found.length > 0 && { recommendation: { containerRecommendations: found } }),
    conditions: told.map((one) => {
      const old = status.conditions?.find(({ type }) => type === one.type);
      const lastTransitionTime = old?.status === one.status ? old.lastTransitionTime : `${new Date(now).toISOString().slice(0, 19)}Z`;
      return { ...one, ...(lastTransitionTime !== undefined && { lastTransitionTime }) };
    }),
  };
}

/** Of what no policy recommends anything for. */
function untargeted(target: Autoscaler["target"]): Told[] {
  if (target !== undefined && isMistaken(target)) {
    const message = `VerticalPodAutoscaler would take ${titleOf(target)} of ${target.apiVersion ?? ""} for Kubernetes' own ${target.kind} of that name: nothing is recommended for it`;
    return [
      { type: "RecommendationProvided", status: "False", reason: "ConfigUnsupported", message },
      { type: "ConfigUnsupported", status: "True", reason: "ConfigUnsupported", message },
    ];
  }
  const message = "no RightSizingPolicy of the namespace has pods of its target";
  return [
    { type: "RecommendationProvided", status: "False", reason: "NoPodsMatched", message },
    { type: "NoPodsMatched", status: "True", reason: "NoPodsMatched", message },
  ];
}

function conditionsOf({ policy, advice }: Source, recommended: ReadonlySet<string>): Told[] {
  const by = `by the RightSizingPolicy ${policy.metadata.name}`;
  const without = advice.containers.filter(({ name }) => !recommended.has(name));
  const listed = without.map(({ name, recommended, why }) => `${name} (${recommended === undefined ? why : "Off"})`).join(", ");
  const unsure = without.filter(({ why }) => why === "Unsure").map(({ name }) => name);
  const lacking = without.find(({ recommended }) => recommended === undefined);
  return [
    recommended.size > 0
      ? { type: "RecommendationProvided", status: "True", reason: "Recommended", message: listed === "" ? by : `${by}; none for ${listed}` }
      : {
          type: "RecommendationProvided",
          status: "False",
          reason: unsure.length > 0 ? "LowConfidence" : (lacking?.why ?? "Off"),
          message: `${by}, there is none for ${listed}`,
        },
    ...(unsure.length === 0
      ? []
      : [
          {
            type: "LowConfidence",
            status: "True",
            reason: "LowConfidence",
            message: `too little is known of ${unsure.join(", ")}: what is applied takes the policy's minConfidence, or 10 percent`,
          },
        ]),
  ];
}
