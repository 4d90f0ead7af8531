import type { RightSizingPolicy, VerticalPodAutoscaler } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";
import { expect, test } from "vitest";
import { autoscalerOf, type Autoscaler } from "./autoscaler.ts";
import { desiredOf } from "./desired.ts";
import { decide } from "./plan.ts";
import { policyOf, type Policy } from "./policy.ts";

const now = Date.parse("2026-11-28T12:00:00Z");
const key = "a/Deployment/web";

const recommendation = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  name: "web",
  container: "app",
  pods: 2,
  current: { cpu: "1", memory: "1Gi" },
  target: { cpu: "250m", memory: "300Mi" },
  lower: { cpu: "200m", memory: "280Mi" },
  upper: { cpu: "400m", memory: "500Mi" },
  confidence: 50,
  samples: 100,
  reason: "Recommended",
};

type Given = Partial<Omit<typeof recommendation, "target">> & { step?: string; target?: object | undefined };

/** A policy that wants VerticalPodAutoscalers unless its spec says otherwise. */
function policy(given: Given[] = [{}], spec: RightSizingPolicy["spec"] = { verticalPodAutoscalers: {} }, name = "all"): Policy {
  const found = policyOf({
    metadata: { namespace: "a", name, uid: `uid-${name}`, resourceVersion: "1", creationTimestamp: "2026-11-28T11:00:00Z" },
    spec,
    status: { recommendations: given.map((one) => ({ ...recommendation, ...one })) },
  } as Stored<RightSizingPolicy>);
  if (found === undefined) throw new Error("it isn't being deleted");
  return found;
}

const stored = (name: string, object: Omit<VerticalPodAutoscaler, "metadata">, metadata: object = {}): Autoscaler =>
  autoscalerOf({
    ...object,
    metadata: { namespace: "a", name, uid: `uid-${name}`, resourceVersion: "1", creationTimestamp: "", ...metadata },
  });

/** The one that a policy wants, as it was made. */
function made(of: Policy, spec: object = {}, metadata: object = {}): Autoscaler {
  const advice = of.advice.get(key);
  if (advice === undefined) throw new Error("the policy has no such workload");
  const object = desiredOf(of, advice);
  return stored(object.metadata.name ?? "", { spec: { ...object.spec, ...spec } }, { ...object.metadata, ...metadata });
}

const targetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
const ofUser = stored("mine", { spec: { targetRef } });
const takingOurs = stored("mine", { spec: { targetRef, recommenders: [{ name: "plimsoll" }] } });

function planOf(policies: Policy[], autoscalers: Autoscaler[], further: Autoscaler[] = [], of = key) {
  return decide(
    {
      key: of,
      policies: policies.filter(({ advice }) => advice.has(of)),
      autoscalers,
      named: (name) => [...autoscalers, ...further].find((one) => one.name === name),
      isThere: ({ uid }) => policies.some(({ metadata }) => metadata.uid === uid),
    },
    now,
  );
}

test("a workload gets one that goes with its policy, names plimsoll, and leaves alone whatever there is no recommendation for", () => {
  const plan = planOf([policy([{}, { container: "new", target: undefined, reason: "NoSamples" }])], []);
  expect(plan.create).toEqual({
    metadata: {
      namespace: "a",
      name: expect.stringMatching(/^all-web-[0-9a-f]{10}$/) as string,
      labels: { "plimsoll.dev/made-by": "vpa" },
      ownerReferences: [
        {
          apiVersion: "plimsoll.dev/v1alpha1",
          kind: "RightSizingPolicy",
          name: "all",
          uid: "uid-all",
          controller: true,
          blockOwnerDeletion: false,
        },
      ],
    },
    spec: {
      targetRef,
      updatePolicy: { updateMode: "Initial" },
      recommenders: [{ name: "plimsoll" }],
      resourcePolicy: {
        containerPolicies: [
          { containerName: "app", mode: "Auto", controlledResources: ["cpu", "memory"], controlledValues: "RequestsAndLimits" },
          { containerName: "*", mode: "Off" },
        ],
      },
    },
  });
});

test.each<[string, Given, string?]>([
  ["a pipeline's step", { apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", step: "load" }, "a/Pipeline/web"],
  ["a pod of nobody's", { apiVersion: "v1", kind: "Pod" }, "a/Pod/web"],
  ["a kind of another group", { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout" }, "a/Rollout/web"],
  ["a kind of another group with the name of Kubernetes' own", { apiVersion: "batch.example.org/v1", kind: "Job" }, "a/Job/web"],
])("%s gets none", (_, given, of) => {
  expect(planOf([policy([given])], [], [], of).create).toBeUndefined();
});

test.each([
  ["Off", "Off"],
  ["Recreate", "Initial"],
  ["InPlaceOrRecreate", "Initial"],
] as const)("with the mode %s those of Jobs and CronJobs have the mode %s: evicted pods count as failed", (updateMode, expected) => {
  for (const kind of ["Job", "CronJob"]) {
    const given = policy([{ apiVersion: "batch/v1", kind }], { verticalPodAutoscalers: { updateMode } });
    expect(planOf([given], [], [], `a/${kind}/web`).create?.spec.updatePolicy).toEqual({ updateMode: expected });
  }
});

test("names are bounded, and those of other policies and workloads are others", () => {
  const long = "x".repeat(253);
  const names = [
    ["a", "b-c"],
    ["a-b", "c"],
    [long, "c"],
    [long, "d"],
  ].map(([of = "", name = ""]) => planOf([policy([{ name }], undefined, of)], [], [], `a/Deployment/${name}`).create?.metadata.name ?? "");
  expect(new Set(names).size).toBe(4);
  for (const name of names) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
});

test("one that is as its policy says is left as it is, with what others have added", () => {
  const all = policy();
  const { statuses, ...plan } = planOf([all], [made(all, { updatePolicy: { updateMode: "Initial", minReplicas: 3 } })]);
  expect(plan).toEqual({ source: expect.anything() as object, remove: [] });
  expect(statuses).toHaveLength(1);
});

test("what was changed of one, or of its policy, is set right, and its status is written after that", () => {
  const spec = { verticalPodAutoscalers: { updateMode: "Recreate" as const }, limits: "keep" as const };
  const changed = policy([{}], spec);
  const plan = planOf([changed], [made(policy())]);
  expect(plan.statuses).toEqual([]);
  expect(plan.patch?.spec).toMatchObject({
    updatePolicy: { updateMode: "Recreate" },
    resourcePolicy: { containerPolicies: [{ containerName: "app", controlledValues: "RequestsOnly" }, { containerName: "*" }] },
  });
  const astray = made(changed, { targetRef: { ...targetRef, name: "other" } });
  expect(planOf([changed], [], [astray]).patch).toEqual({ of: astray, spec: { targetRef: { name: "web" } } });
});

test.each<[string, Policy[]]>([
  ["that takes verticalPodAutoscalers out", [policy([{}], {})]],
  ["that applies by itself", [policy([{}], { mode: "in-place" })]],
  ["that chooses the workload no more", [policy([])]],
  ["that is younger than another that has the workload now", [policy([]), policy([{}], {}, "older")]],
])("what was made for a policy %s is deleted", (_, policies) => {
  const before = made(policy());
  expect(planOf(policies, [before])).toMatchObject({ remove: [before], statuses: [] });
});

test("what was made for a policy that is gone, or is being deleted, is left to go, and no other is made till then", () => {
  const other = policy([{}], undefined, "other");
  expect(planOf([other], [made(policy())])).toEqual({ source: expect.anything() as object, remove: [], statuses: [] });
  const all = policy();
  const leaving = made(all, {}, { deletionTimestamp: "2026-11-28T12:00:00Z" });
  expect(planOf([all], [leaving])).toEqual({ source: expect.anything() as object, remove: [], statuses: [] });
});

test("where somebody else's is about the workload none is made, and what was made goes; theirs is left alone", () => {
  const all = policy();
  expect(planOf([all], [ofUser])).toMatchObject({ remove: [], statuses: [], hindrance: { reason: "OtherAutoscaler" } });
  expect(planOf([all], [ofUser]).create).toBeUndefined();
  const ours = made(all);
  expect(planOf([all], [ours, ofUser]).remove).toEqual([ours]);
});

test("where theirs names plimsoll, it gets the recommendation of a policy of any mode, and nobody is told of a hindrance", () => {
  for (const all of [policy(), policy([{}], { mode: "in-place" })]) {
    const plan = planOf([all], [takingOurs]);
    expect(plan).toMatchObject({ remove: [], statuses: [{ of: takingOurs }] });
    expect(plan.create).toBeUndefined();
    expect(plan.hindrance).toBeUndefined();
  }
});

test("where the name is somebody else's, none is made, and that one is left alone", () => {
  const all = policy();
  const { name } = made(all);
  const plan = planOf([all], [], [stored(name, { spec: { targetRef: { ...targetRef, name: "other" } } })]);
  expect(plan).toMatchObject({ remove: [], statuses: [], hindrance: { reason: "NameTaken" } });
  expect(plan.create).toBeUndefined();
});
