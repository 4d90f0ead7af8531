import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { Meter } from "../../language/meter.ts";
import { compile } from "../../plan/plan.ts";
import { casesOf } from "../kind.cases.ts";
import { podKind } from "./kind.ts";

const result = compile({ pipeline: { steps: [{ name: "s", image: "busybox", command: ["true"] }] } });
if ("problems" in result) throw new Error(JSON.stringify(result.problems));
const { plan } = result;
const [step] = plan.steps;
if (step === undefined) throw new Error("the plan has no step");

const withStatus =
  (status: Pod["status"]) =>
  (pod: Pod): Pod => ({ ...pod, metadata: { ...pod.metadata, uid: "p" }, ...(status ? { status } : {}) });
const ended = (exitCode: number): Pod["status"] => ({
  phase: exitCode === 0 ? "Succeeded" : "Failed",
  containerStatuses: [{ name: "step", image: "", imageID: "", ready: false, restartCount: 0, state: { terminated: { exitCode } } }],
});

test("a pod that was gone as soon as it was evicted counts as disrupted, not as deleted by somebody", () => {
  const evicted = { type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI", message: "Eviction API: evicting" };
  const labels = { "plimsoll.dev/step": "s", "plimsoll.dev/try": "1" };
  const owner = { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", name: "run", uid: "uid", controller: true };
  const last = podKind.view({
    metadata: { name: "run--s--1", uid: "p", labels, ownerReferences: [owner], deletionTimestamp: "2026-01-01T00:00:00Z" as never },
    status: { phase: "Running", conditions: [evicted] },
  });
  expect(podKind.lost(last, step.spec)).toEqual({ is: "failed", reason: "Disruption", message: "disrupted: Eviction API: evicting" });
});

casesOf(
  podKind,
  {
    source: (name, number) => ({
      run: { namespace: "ns", name: "run", uid: "uid" },
      plan,
      step,
      variables: {},
      meter: new Meter(),
      try: number,
      name,
      deadline: undefined,
      memory: 1,
      record: undefined,
    }),
    states: {
      new: withStatus(undefined),
      running: withStatus({ phase: "Running" }),
      succeeded: withStatus(ended(0)),
      failed: withStatus(ended(1)),
    },
    stray: (pod) => ({ ...pod, metadata: { ...pod.metadata, ownerReferences: [] } }),
  },
  step.spec,
);
