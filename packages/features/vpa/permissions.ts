import { allow, declare } from "../kinds.ts";
import type { RuntimeOf } from "../runtime.ts";
import type { VpaConfig } from "./config.ts";

/** All that the feature may do: it evicts and changes no pod, which is VerticalPodAutoscaler's. */
export const permissions = declare("vpa", [
  allow(
    ["list", "watch"],
    "rightsizingpolicies.plimsoll.dev",
    "to see what is recommended, and for what VerticalPodAutoscalers are wanted",
  ),
  allow(
    ["list", "watch"],
    "verticalpodautoscalers.autoscaling.k8s.io",
    "to see which there are, and which name plimsoll as their recommender",
  ),
  allow("create", "verticalpodautoscalers.autoscaling.k8s.io", "to make those that policies want"),
  allow("patch", "verticalpodautoscalers.autoscaling.k8s.io", "to have those that were made say what their policies do"),
  allow("delete", "verticalpodautoscalers.autoscaling.k8s.io", "to delete those that were made and that no policy wants any more"),
  allow("patch", "verticalpodautoscalers.autoscaling.k8s.io/status", "to say in them what is recommended, or why nothing is"),
]);

/** What the feature is given to work with. */
export type VpaRuntime = RuntimeOf<typeof permissions, VpaConfig>;
