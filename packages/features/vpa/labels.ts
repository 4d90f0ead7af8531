/** By what a VerticalPodAutoscaler says that it takes Plimsoll's recommendations: `spec.recommenders: [{name: plimsoll}]`. */
export const recommender = "plimsoll";

/** Of a VerticalPodAutoscaler that was made for a policy; its owner reference says for which. */
export const made = { label: "plimsoll.dev/made-by", value: "vpa" } as const;
