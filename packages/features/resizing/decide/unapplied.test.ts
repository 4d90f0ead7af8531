import type { Recommendation } from "@plimsoll/api";
import { expect, test } from "vitest";
import { unappliedOf } from "./unapplied.ts";

const web: Recommendation = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  name: "web",
  container: "app",
  pods: 1,
  current: { cpu: "1", memory: "1Gi" },
  currentLimits: { memory: "1Gi" },
  target: { cpu: "1", memory: "512Mi" },
  confidence: 50,
  samples: 100,
  reason: "Recommended",
};
const said = (one: Partial<Recommendation>, spec: Parameters<typeof unappliedOf>[2] = { mode: "in-place" }) =>
  unappliedOf({ ...web, ...one }, "Deployment/web", spec);

test("what an autoscaler holds is told where it would be changed", () => {
  const heldBy = [{ kind: "VerticalPodAutoscaler" as const, name: "mine", resources: ["cpu" as const, "memory" as const] }];
  expect(said({ heldBy })).toEqual([
    "Deployment/web, container app: memory stays, as the VerticalPodAutoscaler mine changes it: leave it out of `resources`, or say `respectAutoscalers: false`",
  ]);
  expect(said({ heldBy, target: { cpu: "1", memory: "1Gi" } })).toEqual([]);
});

test("a container that was killed at a limit that is kept is told, and one that only might need more isn't", () => {
  const killed = { reason: "AtLimit", oomKilledAt: "2026-11-28T12:00:00Z" };
  expect(said(killed)).toEqual([expect.stringContaining("it was killed at its memory limit, which `limits: keep` keeps")]);
  expect(said({ ...killed, current: { cpu: "1", memory: "1000Mi" } })).toHaveLength(1);
  expect(said({ ...killed, current: { cpu: "1", memory: "1000Mi" } }, { mode: "in-place", minChange: 2 })).toEqual([]);
  expect(said({ ...killed, current: { cpu: "1" }, currentLimits: { cpu: "1" } })).toEqual([]);
  expect(said({ reason: "AtLimit" })).toEqual([]);
  expect(said({ ...killed, reason: "Close" })).toEqual([]);
  expect(said({ ...killed, currentLimits: { cpu: "1", memory: "2Gi" } })).toEqual([]);
});

test("limits that are to go from pods that run are told to stay", () => {
  const remove = { mode: "in-place", limits: "remove" } as const;
  expect(said({}, remove)).toEqual([expect.stringContaining("its limit of memory stays, as none goes from a pod that runs")]);
  expect(said({}, { ...remove, mode: "recreate" })).toEqual([]);
  expect(said({ apiVersion: "batch/v1", kind: "CronJob" }, remove)).toEqual([]);
  expect(said({}, { ...remove, containers: [{ name: "app", limits: "keep" }] })).toEqual([]);
});
