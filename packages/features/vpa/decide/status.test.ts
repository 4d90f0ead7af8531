import type { RightSizingPolicy, VerticalPodAutoscaler, VpaSpec, VpaStatus } from "@plimsoll/api";
import { statusChange, type Stored } from "@plimsoll/kube";
import { expect, test } from "vitest";
import { autoscalerOf } from "./autoscaler.ts";
import { policyOf } from "./policy.ts";
import { statusOf } from "./status.ts";

const now = Date.parse("2026-11-28T12:00:00Z");
const targetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };

const app = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  name: "web",
  container: "app",
  pods: 2,
  current: {},
  target: { cpu: "250m", memory: "300Mi" },
  lower: { cpu: "200m", memory: "280Mi" },
  upper: { cpu: "400m", memory: "500Mi" },
  confidence: 50,
  samples: 100,
  reason: "Recommended",
};

/** What a VerticalPodAutoscaler that names plimsoll says, by what a policy recommends. */
function told(
  given: object[],
  spec: Partial<VpaSpec> = {},
  more: { of?: RightSizingPolicy["spec"]; before?: VpaStatus; at?: number } = {},
): VpaStatus {
  const { of = {}, before, at = now } = more;
  const object = { spec: { targetRef, recommenders: [{ name: "plimsoll" }], ...spec }, ...(before && { status: before }) };
  const policy = policyOf({
    metadata: { namespace: "a", name: "all", uid: "1" },
    spec: of,
    status: { recommendations: given.map((one) => ({ ...app, ...one })) },
  } as Stored<RightSizingPolicy>);
  const advice = policy?.advice.values().next().value;
  const source = policy && advice && { policy, advice };
  return statusOf(autoscalerOf({ metadata: { namespace: "a", name: "web" }, ...object } as Stored<VerticalPodAutoscaler>), source, at);
}

const provided = ({ conditions = [] }: VpaStatus): string => {
  const found = conditions.find(({ type }) => type === "RecommendationProvided");
  return `${found?.status}/${found?.reason}`;
};

test("a recommendation is given with its bounds", () => {
  expect(told([{}])).toEqual({
    recommendation: {
      containerRecommendations: [
        {
          containerName: "app",
          target: { cpu: "250m", memory: "300Mi" },
          lowerBound: { cpu: "200m", memory: "280Mi" },
          upperBound: { cpu: "400m", memory: "500Mi" },
          uncappedTarget: { cpu: "250m", memory: "300Mi" },
        },
      ],
    },
    conditions: [
      {
        type: "RecommendationProvided",
        status: "True",
        reason: "Recommended",
        message: "by the RightSizingPolicy all",
        lastTransitionTime: "2026-11-28T12:00:00Z",
      },
    ],
  });
});

test.each<[string, object[], object, string, string[]]>([
  ["without a sample", [{ target: undefined, reason: "NoSamples", confidence: 0 }], {}, "False/NoSamples", []],
  ["below the confidence that what is applied takes", [{ confidence: 9 }], {}, "False/LowConfidence", ["LowConfidence"]],
  ["below the policy's own", [{ confidence: 50 }], { minConfidence: 51 }, "False/LowConfidence", ["LowConfidence"]],
  ["of an ignored container", [{}], { containers: [{ name: "app", ignore: true }] }, "False/Ignored", []],
  ["of a container that opted out", [{ target: undefined, reason: "OptedOut" }], {}, "False/OptedOut", []],
  ["of nobody's pods", [], {}, "False/NoPodsMatched", ["NoPodsMatched"]],
  ["that is no quantity", [{ target: { cpu: "much" } }], {}, "False/NoTarget", []],
])("%s there is no recommendation for the updater to act on", (_, given, of, says, further) => {
  const status = told(given, {}, { of: of as RightSizingPolicy["spec"] });
  expect(status.recommendation).toBeUndefined();
  expect(provided(status)).toBe(says);
  expect(status.conditions?.slice(1).map(({ type, status }) => `${type} ${status}`)).toEqual(further.map((type) => `${type} True`));
});

test("who asks for a confidence of nothing gets what there is", () => {
  expect(provided(told([{ confidence: 0 }], {}, { of: { minConfidence: 0 } }))).toBe("True/Recommended");
});

test("of several containers those that have none are named, and how sure it is", () => {
  const { conditions } = told([{}, { container: "b", confidence: 3 }, { container: "c", target: undefined, reason: "NoSamples" }]);
  expect(conditions?.map(({ message }) => message)).toEqual([
    "by the RightSizingPolicy all; none for b (Unsure), c (NoSamples)",
    expect.stringContaining("too little is known of b"),
  ]);
});

test("what asks for the target is never outside of the bounds, so that nothing is evicted again and again", () => {
  // As with downOnly: more would be needed than what is asked for.
  const status = told([{ target: { cpu: "100m", memory: "1Gi" } }]);
  expect(status.recommendation?.containerRecommendations).toMatchObject([
    { lowerBound: { cpu: "100m", memory: "280Mi" }, upperBound: { cpu: "400m", memory: "1Gi" } },
  ]);
});

test("what a VerticalPodAutoscaler itself allows is kept to", () => {
  const containerPolicies = [
    { containerName: "app", minAllowed: { cpu: 1 }, maxAllowed: { memory: "256Mi" } },
    { containerName: "b", controlledResources: ["memory"] },
    { containerName: "*", mode: "Off" as const },
  ];
  const status = told([{}, { container: "b" }, { container: "c" }], { resourcePolicy: { containerPolicies } });
  expect(status.recommendation?.containerRecommendations).toMatchObject([
    { containerName: "app", target: { cpu: 1, memory: "256Mi" }, lowerBound: { cpu: 1, memory: "256Mi" }, uncappedTarget: app.target },
    { containerName: "b", target: { memory: "300Mi" } },
  ]);
  expect(status.recommendation?.containerRecommendations?.[1]?.target).not.toHaveProperty("cpu");
});

test("a target of another group with the name of Kubernetes' own kind gets nothing, as another's pods would be changed for it", () => {
  const status = told([{ apiVersion: "batch/v1", kind: "Job" }], {
    targetRef: { apiVersion: "batch.example.org/v1", kind: "Job", name: "web" },
  });
  expect(status.recommendation).toBeUndefined();
  expect(provided(status)).toBe("False/ConfigUnsupported");
});

test("a kind of another group, or without an apiVersion, is found by both", () => {
  const rollout = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "web" };
  expect(provided(told([rollout], { targetRef: rollout }))).toBe("True/Recommended");
  expect(provided(told([rollout], { targetRef: { ...rollout, apiVersion: "example.org/v1" } }))).toBe("False/NoPodsMatched");
  expect(provided(told([{}], { targetRef: { kind: "Deployment", name: "web" } }))).toBe("True/Recommended");
});

test("bounds that have hardly moved, and a later round, change nothing; a target does, and so do bounds that have moved", () => {
  const before = told([{}]);
  const change = (given: object) => statusChange(before, told([given], {}, { before, at: now + 60_000 }));
  expect(change({})).toBeUndefined();
  expect(change({ upper: { cpu: "365m", memory: "520Mi" } })).toBeUndefined();
  expect(change({ upper: { cpu: "300m", memory: "500Mi" } })).toHaveProperty("recommendation");
  expect(change({ target: { cpu: "251m", memory: "300Mi" } })).toHaveProperty("recommendation");
  expect(change({ target: undefined, reason: "NoSamples" })).toMatchObject({ recommendation: null });
});
