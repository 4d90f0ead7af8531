import type { Recommendation, RightSizingPolicy } from "@plimsoll/api";
import { expect, test } from "vitest";
import { policyOf } from "./policy.ts";

const web: Recommendation = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  name: "web",
  container: "app",
  pods: 1,
  current: { cpu: "1", memory: "1Gi" },
  target: { cpu: "250m", memory: "512Mi" },
  lower: { cpu: "200m", memory: "256Mi" },
  upper: { cpu: "1", memory: "1Gi" },
  confidence: 50,
  samples: 100,
  reason: "Recommended",
};
type HeldBy = NonNullable<Recommendation["heldBy"]>;
const adviceWith = (heldBy: HeldBy) => {
  const metadata = { namespace: "a", name: "all", uid: "1", resourceVersion: "1", creationTimestamp: "2026-11-28T12:00:00Z" };
  const policy: RightSizingPolicy = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "RightSizingPolicy",
    metadata,
    spec: {},
    status: { recommendations: [{ ...web, heldBy }] },
  };
  return policyOf(policy as never)?.advice.get("a/Deployment/web")?.containers[0];
};

test("what a HorizontalPodAutoscaler scales by isn't VerticalPodAutoscaler's to change", () => {
  const { resources, recommended } = adviceWith([{ kind: "HorizontalPodAutoscaler", name: "web", resources: ["cpu"] }]) ?? {};
  expect({ resources, recommended }).toEqual({
    resources: ["memory"],
    recommended: { target: { memory: "512Mi" }, lower: { memory: "256Mi" }, upper: { memory: "1Gi" } },
  });
  const both = adviceWith([{ kind: "HorizontalPodAutoscaler", name: "web", resources: ["cpu", "memory"] }]);
  expect(both).toMatchObject({ resources: [], why: "Scaled" });
  expect(both).not.toHaveProperty("recommended");
});

test("what a VerticalPodAutoscaler changes is its own matter", () => {
  const resources = ["cpu", "memory"] as const;
  expect(adviceWith([{ kind: "VerticalPodAutoscaler", name: "web", resources: [...resources] }])).toMatchObject({
    resources,
    recommended: { target: web.target },
  });
});
