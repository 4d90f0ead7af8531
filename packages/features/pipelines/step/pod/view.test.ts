import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { parseOutputs } from "./step/outputs.ts";
import { countIndexes, labels, viewJob, viewPod } from "./view.ts";

const pod = (status: Pod["status"]): Pod => ({ metadata: { name: "p", namespace: "ns", labels: {} }, ...(status ? { status } : {}) });
const container = { name: "step", image: "i", imageID: "", ready: false, restartCount: 0 };

test.each<[problem: string, status: Pod["status"]]>([
  [
    "out of memory (OOMKilled): raise resources.limits.memory",
    { phase: "Failed", containerStatuses: [{ ...container, state: { terminated: { exitCode: 137, reason: "OOMKilled" } } }] },
  ],
  [
    "exit code 137 (SIGKILL)",
    { phase: "Failed", containerStatuses: [{ ...container, state: { terminated: { exitCode: 137, reason: "Error" } } }] },
  ],
  [
    "the container can't start: no such file",
    {
      phase: "Failed",
      containerStatuses: [{ ...container, state: { terminated: { exitCode: 128, reason: "StartError", message: "no such file" } } }],
    },
  ],
  ["The node was low on resource: memory.", { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." }],
  [
    "the image can't be pulled (ImagePullBackOff)",
    { phase: "Pending", containerStatuses: [{ ...container, state: { waiting: { reason: "ImagePullBackOff" } } }] },
  ],
  [
    "the image is not on the node, and imagePullPolicy is Never (ErrImageNeverPull): absent",
    { phase: "Pending", containerStatuses: [{ ...container, state: { waiting: { reason: "ErrImageNeverPull", message: "absent" } } }] },
  ],
  [
    "the image's name is invalid (InvalidImageName)",
    { phase: "Pending", containerStatuses: [{ ...container, state: { waiting: { reason: "InvalidImageName" } } }] },
  ],
  [
    "the container can't be configured (CreateContainerConfigError): runs as root",
    {
      phase: "Pending",
      containerStatuses: [{ ...container, state: { waiting: { reason: "CreateContainerConfigError", message: "runs as root" } } }],
    },
  ],
  ["exit code 3", { phase: "Failed", containerStatuses: [{ ...container, state: { terminated: { exitCode: 3, reason: "Error" } } }] }],
  ["disrupted: evicted", { phase: "Failed", conditions: [{ type: "DisruptionTarget", status: "True", message: "evicted" }] }],
  [
    "the image can't be pulled (ErrImagePull): not found",
    { phase: "Pending", containerStatuses: [{ ...container, state: { waiting: { reason: "ErrImagePull", message: "not found" } } }] },
  ],
  [
    "unschedulable: 0/3 nodes",
    { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes" }] },
  ],
])("a pod's problem reads: %s", (problem, status) => {
  expect(viewPod(pod(status)).problem).toBe(problem);
});

test("a pod that is being started has no problem", () => {
  expect(
    viewPod(pod({ phase: "Pending", containerStatuses: [{ ...container, state: { waiting: { reason: "ContainerCreating" } } }] })).problem,
  ).toBeUndefined();
});

test("failed indexes are counted from their short form", () => {
  expect([countIndexes(""), countIndexes("4"), countIndexes("1,3-5,7")]).toEqual([0, 1, 5]);
});

test("outputs are lines of key=value, and what is none is named by its line", () => {
  const outputs = (text: string, limit = 4096) => parseOutputs({ text, limit });
  expect(outputs("a=1\n\nb=x=y\r\na=2\n")).toEqual({ a: "2", b: "x=y" });
  expect(outputs("a=one\rtwo\u2028three")).toEqual({ a: "one\rtwo\u2028three" });
  expect(() => outputs("a=1\nhello")).toThrow('line 2 of the outputs is "hello": write key=value');
  expect(outputs(`a=${"x".repeat(4093)}`)).toEqual({ a: "x".repeat(4093) });
  expect(() => outputs(`a=${"x".repeat(4094)}`)).toThrow(/take 4096 bytes or more/);
  expect(() => outputs("a=1234", 6)).toThrow(/take 6 bytes or more/);
});

test("what the kubelet keeps of a pod's outputs is less where others have put in containers", () => {
  const ended = { phase: "Succeeded", containerStatuses: [{ ...container, state: { terminated: { exitCode: 0, message: "a=1" } } }] };
  const among = (others: number) =>
    viewPod({
      ...pod(ended),
      spec: { containers: [{ name: "step" }], initContainers: Array.from({ length: others }, (_, index) => ({ name: `i${index}` })) },
    }).written;
  expect([among(0), among(2), among(3)]).toEqual([
    { text: "a=1", limit: 4096 },
    { text: "a=1", limit: 4096 },
    { text: "a=1", limit: 3072 },
  ]);
});

test("the container that runs the step is told from those that others put beside it", () => {
  const mesh = { ...container, name: "proxy", state: { terminated: { exitCode: 0, message: "not ours" } } };
  const own = { ...container, state: { terminated: { exitCode: 0, message: "x=1" } } };
  expect(viewPod(pod({ phase: "Succeeded", containerStatuses: [mesh, own] }))).toMatchObject({
    phase: "succeeded",
    written: { text: "x=1" },
  });
});

test("a Job's view has its item, and its failure as soon as that is certain", () => {
  const metadata = { name: "j", namespace: "ns", labels: { [labels.run]: "r", [labels.step]: "s" } };
  const template = { spec: { containers: [] } };
  expect(viewJob({ metadata, spec: { template } })).toMatchObject({ run: "r", step: "s", item: 0, failure: undefined, complete: false });
  expect(viewJob({ metadata: { ...metadata, labels: { ...metadata.labels, [labels.item]: "4" } }, spec: { template } }).item).toBe(4);
  const conditions = [{ type: "FailureTarget", status: "True", reason: "FailedIndexes", message: "some failed" }];
  expect(
    viewJob({ metadata, spec: { template, completionMode: "Indexed" }, status: { conditions, failedIndexes: "1,3-5" } }),
  ).toMatchObject({ item: undefined, failedItems: 4, failure: { reason: "FailedIndexes", message: "some failed" } });
});
