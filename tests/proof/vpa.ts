import { changePolicy, providedIn, recommend, sized, untilAutoscalers } from "../support/autoscalers.ts";
import { createPolicy } from "../support/sizing.ts";
import type { Scenario } from "./scenario.ts";

/** All that the feature vpa needs the API for. */
export const scenarios: readonly Scenario[] = [
  {
    name: "autoscaled",
    shows: "a workload that a policy recommends for gets a VerticalPodAutoscaler, with the recommendation in its status",
    proves: [
      "watch rightsizingpolicies.plimsoll.dev",
      "watch verticalpodautoscalers.autoscaling.k8s.io",
      "create verticalpodautoscalers.autoscaling.k8s.io",
      "patch verticalpodautoscalers.autoscaling.k8s.io/status",
    ],
    async play(stage) {
      const { begin, expecting, seconds } = stage;
      await expecting("the caches are filled", begin());
      await createPolicy(stage, "all", { verticalPodAutoscalers: {} });
      await recommend(stage, "all", [sized]);
      await expecting(
        "a VerticalPodAutoscaler is made",
        untilAutoscalers(stage, (found) => found.length === 1, seconds),
      );
      await expecting(
        "it has the recommendation",
        untilAutoscalers(stage, ([one]) => one !== undefined && providedIn(one) === "True/Recommended", seconds),
      );
    },
  },
  {
    name: "autoscaled-no-more",
    shows: "when its policy is changed, a VerticalPodAutoscaler is changed, too, and when none is wanted any more it is deleted",
    proves: ["patch verticalpodautoscalers.autoscaling.k8s.io", "delete verticalpodautoscalers.autoscaling.k8s.io"],
    async play(stage) {
      const { begin, expecting, seconds } = stage;
      await expecting("the caches are filled", begin());
      await createPolicy(stage, "all", { verticalPodAutoscalers: {} });
      await recommend(stage, "all", [sized]);
      await untilAutoscalers(stage, (found) => found.length === 1, seconds);
      await changePolicy(stage, "all", { verticalPodAutoscalers: { updateMode: "Recreate" } });
      await expecting(
        "it has the policy's mode",
        untilAutoscalers(stage, ([one]) => one?.spec.updatePolicy?.updateMode === "Recreate", seconds),
      );
      await changePolicy(stage, "all", { verticalPodAutoscalers: null });
      await expecting(
        "it is deleted",
        untilAutoscalers(stage, (found) => found.length === 0, seconds),
      );
    },
  },
  {
    name: "older-autoscaled",
    shows: "where the API server streams no first lists, everything is listed instead",
    proves: ["list rightsizingpolicies.plimsoll.dev", "list verticalpodautoscalers.autoscaling.k8s.io"],
    isOlder: true,
    async play(stage) {
      const { begin, expecting, seconds } = stage;
      await createPolicy(stage, "all", { verticalPodAutoscalers: {} });
      await recommend(stage, "all", [sized]);
      await expecting("the caches are filled", begin());
      await expecting(
        "a VerticalPodAutoscaler has the recommendation",
        untilAutoscalers(stage, ([one]) => one !== undefined && providedIn(one) === "True/Recommended", seconds),
      );
    },
  },
];
