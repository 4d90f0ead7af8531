import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { ContainerStatus, Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { rolloutOf } from "./health.ts";

const deployment = (status: Deployment["status"], generation = 2): Deployment => ({
  metadata: { name: "plimsoll", generation },
  spec: { replicas: 2, selector: {}, template: {} },
  ...(status && { status }),
});
const whole = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
const pod = (status: Pod["status"], name = "p"): Pod => ({ metadata: { name }, ...(status && { status }) });
const withContainer = (container: Partial<ContainerStatus>): Pod =>
  pod({ containerStatuses: [{ name: "controller", image: "a:1", imageID: "", ready: false, restartCount: 0, ...container }] });

test("a Deployment is rolled out when its newest form is seen, and all of its pods are new and available", () => {
  expect(rolloutOf(deployment(whole), []).done).toBe(true);
  for (const status of [
    undefined,
    { ...whole, observedGeneration: 1 },
    { ...whole, updatedReplicas: 1 },
    { ...whole, availableReplicas: 1 },
    { ...whole, replicas: 3 },
  ])
    expect(rolloutOf(deployment(status), []).done).toBe(false);
});

const troubles = (pods: Pod[], news = {}): string[] => rolloutOf(deployment({ observedGeneration: 2 }), pods, news).troubles;

test("a pod that doesn't come says why", () => {
  const message = 'Back-off pulling image "a:1"';
  expect(troubles([withContainer({ state: { waiting: { reason: "ImagePullBackOff", message } } })])).toEqual([
    `pod p: ImagePullBackOff of a:1: ${message}`,
  ]);
  const unschedulable = { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes are available" };
  expect(troubles([pod({ conditions: [unschedulable] }), pod({ conditions: [unschedulable] }, "q")])).toEqual([
    "no node takes a pod: 0/1 nodes are available",
  ]);
  expect(troubles([withContainer({ state: { waiting: { reason: "CreateContainerConfigError", message: "no such key" } } })])).toEqual([
    "pod p: CreateContainerConfigError: no such key",
  ]);
});

test("one that crashes has its code, and its termination message or else the last line of its log", () => {
  const waiting = { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } };
  const crashed = (more: object): Pod =>
    withContainer({ state: waiting, lastState: { terminated: { exitCode: 2, reason: "Error", ...more } } });
  const logs = new Map([["p", "plimsoll.yaml:3: no such key"]]);
  expect(troubles([crashed({})], { logs })).toEqual(["pod p: ended with code 2: plimsoll.yaml:3: no such key"]);
  expect(troubles([crashed({ message: "own words\n" })], { logs })).toEqual(["pod p: ended with code 2: own words"]);
  expect(troubles([crashed({ exitCode: 137, reason: "OOMKilled" })])).toEqual(["pod p: ended with code 137 (OOMKilled)"]);
});

test("a quota that leaves no pod is told by the Deployment, and a warning where nothing else explains", () => {
  const message = 'pods "x" is forbidden: exceeded quota: q';
  const conditions = [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message }];
  expect(rolloutOf(deployment({ observedGeneration: 2, conditions }), []).troubles).toEqual([`no pod can be made: ${message}`]);
  const starting = withContainer({ state: { waiting: { reason: "ContainerCreating" } } });
  const warnings = new Map([["p", "FailedMount: no such volume"]]);
  expect(troubles([starting], { warnings })).toEqual(["pod p: FailedMount: no such volume"]);
  expect(troubles([starting])).toEqual([]);
});

test("a pod that serves, or is on its way out, is no trouble", () => {
  const waiting = [{ name: "c", image: "a", imageID: "", ready: false, restartCount: 0, state: { waiting: { reason: "ErrImagePull" } } }];
  const ready = pod({ conditions: [{ type: "Ready", status: "True" }], containerStatuses: waiting });
  const leaving: Pod = { metadata: { name: "p", deletionTimestamp: "2026-01-01T00:00:00Z" }, status: { containerStatuses: waiting } };
  expect(troubles([ready, leaving])).toEqual([]);
});
