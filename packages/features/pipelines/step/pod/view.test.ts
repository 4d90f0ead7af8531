import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import type { TryState } from "../kind.ts";
import { labels } from "../labels.ts";
import { viewPod } from "./view.ts";

const metadata = {
  name: "r--s--1",
  namespace: "ns",
  uid: "p",
  creationTimestamp: "2026-01-01T00:00:00Z",
  labels: { [labels.runUid]: "u", [labels.step]: "s", [labels.try]: "1" },
  ownerReferences: [{ apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", name: "r", uid: "u", controller: true }],
};
const pod = (status: Pod["status"], more: Partial<Pod> = {}): Pod => ({ metadata, ...(status ? { status } : {}), ...more });
const stateOf = (one: Pod): TryState | undefined => viewPod(one)?.state;
const container = { name: "step", image: "i", imageID: "", ready: false, restartCount: 0 };

/** What keeps it from beginning, or why it failed. */
function problem(state: TryState | undefined): string | undefined {
  return state?.phase === "failed" ? state.failure.message : state?.phase === "active" ? state.waiting : undefined;
}

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
  [
    "evicted: The node was low on resource: memory.",
    { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." },
  ],
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
])("a pod's problem reads: %s", (text, status) => {
  expect(problem(stateOf(pod(status)))).toBe(text);
});

test("a pod that is being started has no problem", () => {
  const status = { phase: "Pending", containerStatuses: [{ ...container, state: { waiting: { reason: "ContainerCreating" } } }] };
  expect(problem(stateOf(pod(status)))).toBeUndefined();
});

test("what the kubelet keeps of a pod's outputs is less where others have put in containers", () => {
  const ended = { phase: "Succeeded", containerStatuses: [{ ...container, state: { terminated: { exitCode: 0, message: "a=1" } } }] };
  const among = (others: number) => {
    const initContainers = Array.from({ length: others }, (_, index) => ({ name: `i${index}` }));
    const state = stateOf(pod(ended, { spec: { containers: [{ name: "step" }], initContainers } }));
    return state?.phase === "succeeded" && "written" in state && state.written;
  };
  expect([among(0), among(2), among(3)]).toEqual([
    { text: "a=1", limit: 4096 },
    { text: "a=1", limit: 4096 },
    { text: "a=1", limit: 3072 },
  ]);
});

test("the container that runs the step is told from those that others put beside it", () => {
  const mesh = { ...container, name: "proxy", state: { terminated: { exitCode: 0, message: "not ours" } } };
  const own = { ...container, state: { terminated: { exitCode: 0, message: "x=1" } } };
  expect(stateOf(pod({ phase: "Succeeded", containerStatuses: [mesh, own] }))).toMatchObject({
    phase: "succeeded",
    written: { text: "x=1" },
  });
});

test("a pod is a run's by its controller, and not by labels that anybody can copy", () => {
  expect(viewPod(pod({}))).toMatchObject({ run: "r", runUid: "u", step: "s", item: 0, try: 1 });
  expect(viewPod({ metadata: { ...metadata, ownerReferences: [] } })).toBeUndefined();
  expect(
    viewPod({ metadata: { ...metadata, ownerReferences: [{ ...metadata.ownerReferences[0], kind: "Job" }] as never } }),
  ).toBeUndefined();
});

const disruption = (at: string) => ({
  type: "DisruptionTarget",
  status: "True",
  reason: "PreemptionByScheduler",
  message: "preempted",
  lastTransitionTime: at as never,
});
const ended = (exitCode: number, finishedAt: string) => [
  { ...container, state: { terminated: { exitCode, reason: exitCode === 0 ? "Completed" : "Error", finishedAt: finishedAt as never } } },
];

test("a program that ended with 0 because its pod was disrupted was cut off; one that had ended before was not", () => {
  const of = (finishedAt: string) =>
    stateOf(pod({ phase: "Succeeded", conditions: [disruption("2026-01-01T00:00:10Z")], containerStatuses: ended(0, finishedAt) }));
  expect(of("2026-01-01T00:00:12Z")).toMatchObject({
    phase: "succeeded",
    cutOff: { reason: "Disruption", message: "disrupted: preempted" },
  });
  expect(of("2026-01-01T00:00:09Z")).not.toHaveProperty("cutOff");
});

test("a pod that somebody deleted did not fail by itself, unless it had before", () => {
  const of = (finishedAt: string) =>
    stateOf(
      pod(
        { phase: "Failed", containerStatuses: ended(137, finishedAt) },
        { metadata: { ...metadata, deletionTimestamp: "2026-01-01T00:00:40Z" as never, deletionGracePeriodSeconds: 30 } },
      ),
    );
  expect(of("2026-01-01T00:00:40Z")).toMatchObject({ failure: { reason: "Deleted", message: "its pod was deleted" } });
  expect(of("2026-01-01T00:00:05Z")).toMatchObject({ failure: { reason: "ExitCode", exitCode: 137 } });
});

test("the time limit is read from the pod's reason, as its program may have ended with 0", () => {
  const status = { phase: "Failed", reason: "DeadlineExceeded", containerStatuses: ended(0, "2026-01-01T00:00:09Z") };
  expect(stateOf(pod(status))).toMatchObject({ phase: "failed", failure: { reason: "DeadlineExceeded" } });
});

test("a pod that its node refused never started; one whose init container failed says which", () => {
  expect(stateOf(pod({ phase: "Failed", reason: "OutOfcpu", message: "not enough" }))).toMatchObject({
    failure: { reason: "NeverStarted", message: "its node refused the pod (OutOfcpu): not enough" },
  });
  const init = { ...container, name: "fetch", state: { terminated: { exitCode: 4 } } };
  expect(stateOf(pod({ phase: "Failed", initContainerStatuses: [init], containerStatuses: [{ ...container, state: {} }] }))).toMatchObject({
    failure: { reason: "ExitCode", exitCode: 4, message: "init container fetch: exit code 4" },
  });
});

test("a pod that a lost node keeps says since when it should be gone; one on its way to begin, since when", () => {
  const taint = { ...disruption("2026-01-01T00:00:10Z"), reason: "DeletionByTaintManager" };
  const terminating = { ...metadata, deletionTimestamp: "2026-01-01T00:00:40Z" as never };
  expect(
    stateOf(pod({ phase: "Running", conditions: [taint] }, { metadata: terminating, spec: { nodeName: "n1", containers: [] } })),
  ).toMatchObject({ phase: "active", placed: true, overdueSince: Date.parse("2026-01-01T00:00:40Z"), node: "n1" });
  const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: "2026-01-01T00:00:02Z" as never };
  expect(stateOf(pod({ phase: "Pending", conditions: [scheduled] }))).toMatchObject({ startingSince: Date.parse("2026-01-01T00:00:02Z") });
});
