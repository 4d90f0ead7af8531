import { expect, test } from "vitest";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { daemonSetTemplates, statefulSetTemplates, type Template } from "../observe/template.ts";
import { after, before, begun, change, large, minute, pod, rules, situation } from "../testing/situation.ts";
import { decideWorkload } from "./workload.ts";

const recreate = { ...rules, mode: "recreate" as const };
const metadata = { namespace: "a", name: "web", uid: "1", generation: 2 };
const podTemplate = { metadata: {}, spec: { containers: [{ name: "app", resources: after }] } };
const changes = new Map([["app", change()]]);
const at = (time: number): string => new Date(time).toISOString();

function statefulSet(updateStrategy = {}, status = {}): Template {
  return statefulSetTemplates.project({
    metadata,
    spec: { replicas: 2, selector: {}, serviceName: "", template: podTemplate, updateStrategy },
    status: {
      observedGeneration: 2,
      replicas: 2,
      readyReplicas: 1,
      updatedReplicas: 1,
      currentRevision: "one",
      updateRevision: "two",
      ...status,
    },
  });
}

function daemonSet(updateStrategy = {}, status = {}): Template {
  return daemonSetTemplates.project({
    metadata,
    spec: { selector: {}, template: podTemplate, updateStrategy },
    status: {
      observedGeneration: 2,
      currentNumberScheduled: 2,
      desiredNumberScheduled: 2,
      numberMisscheduled: 0,
      numberReady: 1,
      numberAvailable: 1,
      updatedNumberScheduled: 1,
      ...status,
    },
  });
}

/** One that has the change, and is ready or not since a time; it started when it was made. */
function changed(name: string, createdAt: number, ready: { status: "True" | "False"; at: number }) {
  const conditions = [{ type: "Ready", status: ready.status, lastTransitionTime: at(ready.at) }];
  const status = { qosClass: "Burstable", startTime: at(createdAt), conditions } as NonNullable<Pod["status"]>;
  return pod(name, after, { createdAt: at(createdAt), status });
}

const unready = changed("web-1", begun + minute, { status: "False", at: begun + minute });
const due = begun + 11 * minute;

test.each<[string, Template]>([
  ["StatefulSet", statefulSet()],
  ["DaemonSet", daemonSet()],
])("a %s whose new pod isn't ready ten minutes after it was made is set back whole, and looked at then", (_, template) => {
  const seen = situation([pod("web-0", before), unready], { template, changes });
  const waits = decideWorkload(seen, recreate, due - 1);
  expect([waits.changes.get("app")?.takenBack, waits.wakeAt]).toEqual([undefined, due]);
  const decision = decideWorkload(seen, recreate, due);
  expect(decision.changes.get("app")).toMatchObject({
    failures: 1,
    takenBack: { why: "the roll-out failed: pod web-1 isn't ready, and there was no progress for 600 s", whole: true },
  });
  expect(decision.template?.containers).toMatchObject([{ next: large }]);
});

test("a roll-out of which another pod got ready goes on for ten minutes from then", () => {
  const ready = changed("web-2", begun + minute, { status: "True", at: begun + 8 * minute });
  const decision = decideWorkload(situation([ready, unready], { template: statefulSet(), changes }), recreate, due);
  expect([decision.changes.get("app")?.takenBack, decision.wakeAt]).toEqual([undefined, begun + 18 * minute]);
});

test.each<[string, Template]>([
  ["StatefulSet", statefulSet({}, { replicas: 1, updatedReplicas: 0 })],
  ["DaemonSet", daemonSet({}, { currentNumberScheduled: 1, updatedNumberScheduled: 0 })],
])("a %s whose new pods are refused is set back, once those that end have had their time", (_, template) => {
  const takenBack = (now: number, pods = [pod("web-0", before)]) =>
    decideWorkload(situation(pods, { template, changes }), recreate, now).changes.get("app")?.takenBack?.why;
  expect(takenBack(begun + 10.5 * minute - 1)).toBeUndefined();
  expect(takenBack(begun + 10.5 * minute)).toBe("the roll-out failed: pods that it takes aren't made, and there was no progress for 600 s");
  expect(takenBack(begun + 11 * minute, [{ ...pod("web-1", before), isEnding: true }])).toBeUndefined();
});

test.each<[string, Template]>([
  ["a StatefulSet with a partition", statefulSet({ rollingUpdate: { partition: 1 } })],
  ["a StatefulSet with OnDelete", statefulSet({ type: "OnDelete" })],
  ["a DaemonSet with OnDelete", daemonSet({ type: "OnDelete" })],
  ["a StatefulSet whose roll-out is through", statefulSet({}, { currentRevision: "two" })],
  ["a StatefulSet that its controller hasn't seen yet", statefulSet({}, { observedGeneration: 1 })],
])("%s has no roll-out that could fail", (_, template) => {
  const decision = decideWorkload(situation([unready], { template, changes }), recreate, begun + 30 * minute);
  expect([decision.changes.get("app")?.takenBack, decision.wakeAt]).toEqual([undefined, Infinity]);
});

test("a pod that was ready, and isn't any more, as where its node is gone, fails no roll-out", () => {
  const was = changed("web-1", begun + minute, { status: "False", at: begun + 5 * minute });
  const decision = decideWorkload(situation([was], { template: daemonSet(), changes }), recreate, begun + 30 * minute);
  expect(decision.changes.get("app")?.takenBack).toBeUndefined();
});

test("a pod behind a scheduling gate waits as long as that stands", () => {
  const gated = pod("web-1", after, { createdAt: at(begun + minute), spec: { nodeName: "" } });
  const decision = decideWorkload(situation([gated], { template: statefulSet(), changes }), recreate, begun + 30 * minute);
  expect(decision.changes.get("app")?.takenBack).toBeUndefined();
});
