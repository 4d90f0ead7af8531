import { conditionOf, withCondition, type Condition, type RightSizingPolicy, type RightSizingStatus } from "@plimsoll/api";

/** What a policy may want done with what is recommended, by which feature, and under which condition its absence is told. */
const wishes = [
  {
    type: "Applying",
    feature: "resizing",
    of: ({ mode = "recommend" }: RightSizingPolicy["spec"]) => (mode === "recommend" ? undefined : `mode: ${mode}`),
  },
  {
    type: "VerticalPodAutoscalers",
    feature: "vpa",
    of: (spec: RightSizingPolicy["spec"]) => (spec.verticalPodAutoscalers === undefined ? undefined : "verticalPodAutoscalers"),
  },
];
const reason = "NotEnabled";

/** A status that says also what of the policy does nothing, as the feature that would do it isn't among those that run. */
export function withUnapplied(
  policy: RightSizingPolicy,
  status: RightSizingStatus,
  features: ReadonlySet<string>,
  now: number,
): RightSizingStatus {
  let conditions: readonly Condition[] = status.conditions ?? [];
  for (const { type, feature, of } of wishes) {
    const wish = features.has(feature) ? undefined : of(policy.spec);
    if (wish === undefined) conditions = conditions.filter((one) => one.type !== type || one.reason !== reason);
    else {
      const message = `\`${wish}\` does nothing, as the feature ${feature} isn't enabled: set features.${feature}.enabled`;
      conditions = withCondition(conditions, conditionOf(policy, now, { type, status: "False", reason, message }));
    }
  }
  return { ...status, conditions: [...conditions] };
}
