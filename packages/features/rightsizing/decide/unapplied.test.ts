import { findCondition, type RightSizingPolicy, type RightSizingStatus } from "@plimsoll/api";
import { expect, test } from "vitest";
import { withUnapplied } from "./unapplied.ts";

const now = Date.parse("2026-11-28T12:00:00Z");
const policyOf = (spec: RightSizingPolicy["spec"]) => ({ metadata: { name: "all", generation: 1 }, spec }) as RightSizingPolicy;
const saidOf = (status: RightSizingStatus, type: string) => {
  const found = findCondition(status, type);
  return found && `${found.status}/${found.reason}: ${found.message}`;
};

test.each<[string, RightSizingPolicy["spec"], string]>([
  [
    "Applying",
    { mode: "in-place" },
    "False/NotEnabled: `mode: in-place` does nothing, as the feature resizing isn't enabled: set features.resizing.enabled",
  ],
  [
    "VerticalPodAutoscalers",
    { verticalPodAutoscalers: {} },
    "False/NotEnabled: `verticalPodAutoscalers` does nothing, as the feature vpa isn't enabled: set features.vpa.enabled",
  ],
])("that a feature isn't enabled that a policy asks for is told in %s, until it is, or isn't asked for", (type, spec, said) => {
  const off = withUnapplied(policyOf(spec), {}, new Set(["rightsizing"]), now);
  expect(saidOf(off, type)).toBe(said);
  expect(off.conditions).toHaveLength(1);
  expect(withUnapplied(policyOf(spec), off, new Set(["resizing", "vpa"]), now).conditions).toEqual([]);
  expect(withUnapplied(policyOf({}), off, new Set(["rightsizing"]), now).conditions).toEqual([]);
});

test("what was applied before the feature was disabled isn't told to be so any more; what a feature that runs says stays", () => {
  const applied = {
    type: "Applying",
    status: "True",
    reason: "Applied",
    message: "all well",
    lastTransitionTime: "2026-11-28T11:00:00Z",
  } as const;
  const policy = policyOf({ mode: "recreate" });
  expect(saidOf(withUnapplied(policy, { conditions: [applied] }, new Set(), now), "Applying")).toContain("False/NotEnabled");
  expect(withUnapplied(policy, { conditions: [applied] }, new Set(["resizing"]), now).conditions).toEqual([applied]);
});
