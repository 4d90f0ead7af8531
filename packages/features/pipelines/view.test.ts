import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { parseOutputs } from "./outputs.ts";
import { Tally } from "./tally.ts";
import { countIndexes, viewPod, type PodView } from "./view.ts";

const pod = (status: Pod["status"]): Pod => ({ metadata: { name: "p", namespace: "ns", labels: {} }, ...(status ? { status } : {}) });
const container = { name: "step", image: "i", imageID: "", ready: false, restartCount: 0 };

test.each<[problem: string, status: Pod["status"]]>([
  ["out of memory (OOMKilled): raise resources.limits.memory", { phase: "Failed", containerStatuses: [{ ...container, state: { terminated: { exitCode: 137, reason: "OOMKilled" } } }] }],
  ["exit code 3", { phase: "Failed", containerStatuses: [{ ...container, state: { terminated: { exitCode: 3, reason: "Error" } } }] }],
  ["disrupted: evicted", { phase: "Failed", conditions: [{ type: "DisruptionTarget", status: "True", message: "evicted" }] }],
  ["the image can't be pulled (ErrImagePull): not found", { phase: "Pending", containerStatuses: [{ ...container, state: { waiting: { reason: "ErrImagePull", message: "not found" } } }] }],
  ["unschedulable: 0/3 nodes", { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes" }] }],
])("a pod's problem reads: %s", (problem, status) => {
  expect(viewPod(pod(status)).problem).toBe(problem);
});

test("a pod that is being started has no problem", () => {
  expect(viewPod(pod({ phase: "Pending", containerStatuses: [{ ...container, state: { waiting: { reason: "ContainerCreating" } } }] })).problem).toBeUndefined();
});

test("failed indexes are counted from their short form", () => {
  expect([countIndexes(""), countIndexes("4"), countIndexes("1,3-5,7")]).toEqual([0, 1, 5]);
});

const view = (name: string, more: Partial<PodView>): PodView => ({ namespace: "ns", name, run: "r", runUid: "u", step: "s", item: 0, phase: "active", message: "", problem: undefined, finishedAt: "", ...more });

test("what a pod achieved stays when it is deleted, and an event that comes twice counts once", () => {
  const tally = new Tally();
  tally.pod(view("a", { item: 0 }));
  tally.pod(view("b", { item: 1, problem: "unschedulable" }));
  expect([tally.active, tally.succeeded, tally.problem]).toEqual([2, 0, "unschedulable"]);
  for (let twice = 0; twice < 2; twice += 1) tally.pod(view("a", { phase: "succeeded", message: "x=1" }));
  tally.pod(view("a", { phase: "succeeded", message: "x=1" }), true);
  tally.pod(view("b", { item: 1 }), true);
  expect([tally.active, tally.succeeded, tally.outputOf(0), tally.problem]).toEqual([0, 1, "x=1", undefined]);
});

test("outputs are lines of key=value, and what is none is named by its line", () => {
  expect(parseOutputs("a=1\n\nb=x=y\r\na=2\n")).toEqual({ a: "2", b: "x=y" });
  expect(() => parseOutputs("a=1\nhello")).toThrow('line 2 of the outputs is "hello": write key=value');
  expect(() => parseOutputs(`a=${"x".repeat(4096)}`)).toThrow(/longer than 4096 bytes/);
});
