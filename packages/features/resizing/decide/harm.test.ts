import { expect, test } from "vitest";
import type { ResizablePod } from "../observe/pod.ts";
import {
  after,
  before,
  begun,
  change,
  ended,
  key,
  large,
  mebi,
  minute,
  names,
  pod,
  rules,
  situation,
  small,
  template,
  terminated,
  wanted,
} from "../testing/situation.ts";
import { decideWorkload } from "./workload.ts";

test.each([
  ["crashes", ended(3, begun + minute), /in pod a, it ended with exit code 3/],
  ["is killed for want of memory", ended(137, begun + minute, "OOMKilled"), /was killed for want of memory/],
])("what %s after its change gets back what was lowered, at once and whatever the windows are", (_, status, why) => {
  const seen = situation([pod("a", after, { status }), pod("b")], { changes: new Map([["app", change()]]) });
  const { changes, resizes } = decideWorkload(seen, { ...rules, closed: "its windows are closed" }, begun + 2 * minute);
  expect(changes.get("app")?.takenBack?.why).toMatch(why);
  expect(resizes.map(({ pod, containers }) => [pod.name, containers[0]?.next])).toEqual([["a", large]]);
});

test.each<[string, object]>([
  ["is over", { state: terminated(1, begun + 2 * minute), lastState: terminated(137, begun + minute, "OOMKilled") }],
  ["is over by a disturbance", { state: terminated(143, begun + 2 * minute), lastState: terminated(137, begun + minute, "OOMKilled") }],
  ["was killed once more", { state: terminated(137, begun + 2 * minute, "OOMKilled"), lastState: terminated(1, begun + minute) }],
])("a kill for want of memory is seen behind a crash, of what %s", (title, container) => {
  const conditions = title.endsWith("disturbance") ? [{ type: "DisruptionTarget", status: "True" }] : [];
  const status = { phase: "Running", qosClass: "Burstable", conditions, containerStatuses: [{ name: "app", ...container }] } as never;
  const seen = situation([pod("a", after, { status })], { changes: new Map([["app", change()]]) });
  const { changes } = decideWorkload(seen, rules, begun + 3 * minute);
  expect(changes.get("app")?.takenBack?.why).toBe("in pod a, it was killed for want of memory");
});

test("a crash by itself is seen behind a kill", () => {
  const status = {
    containerStatuses: [{ name: "app", state: terminated(137, begun, "OOMKilled"), lastState: terminated(1, begun - minute) }],
  };
  const decision = decideWorkload(situation([pod("a", before, { status: status as never })]), rules, begun);
  expect([names(decision), decision.wakeAt]).toEqual([[], begun + 9 * minute]);
});

test.each([
  ["before the change", ended(3, begun - 20 * minute), after],
  ["in a pod that doesn't have it", ended(3, begun + minute), before],
])("a crash %s takes nothing back", (_, status, resources) => {
  const seen = situation([pod("a", resources, { status })], { changes: new Map([["app", change()]]) });
  expect(decideWorkload(seen, rules, begun + 2 * minute).changes.get("app")?.takenBack).toBeUndefined();
});

test("a change after which no node takes a pod is taken back", () => {
  const lastTransitionTime = new Date(begun + minute).toISOString();
  const status = {
    qosClass: "Burstable",
    conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", lastTransitionTime }],
  };
  const seen = situation([pod("a", after, { status })], { changes: new Map([["app", change()]]) });
  const waits = decideWorkload(seen, rules, begun + 2 * minute);
  expect([waits.changes.get("app")?.takenBack, waits.wakeAt]).toEqual([undefined, begun + 11 * minute]);
  expect(decideWorkload(seen, rules, begun + 11 * minute).changes.get("app")?.takenBack?.why).toBe("no node takes pod a");
});

test("what was taken back stays so until its time is over, and then the change is made anew", () => {
  const back = change({ takenBack: { why: "it crashed", until: begun + 60 * minute, whole: false } });
  const seen = situation([pod("a")], { changes: new Map([["app", back]]) });
  const held = decideWorkload(seen, rules, begun + 59 * minute);
  expect([names(held), held.wakeAt]).toEqual([[], begun + 60 * minute]);
  const again = decideWorkload(seen, rules, begun + 60 * minute);
  expect(names(again)).toEqual(["a"]);
  expect(again.changes.get("app")).toEqual(change({ at: begun + 60 * minute }));
});

test("of what is taken back, what was raised stays, and what is needed now is had", () => {
  const to = { requests: { cpu: 100, memory: 300 * mebi }, limits: {} };
  const raised = change({ to, takenBack: { why: "it was killed", until: begun + 60 * minute, whole: false } });
  const advice = new Map([["app", { key, wanted: { ...wanted, requests: { cpu: 100, memory: 400 * mebi } } }]]);
  const seen = situation([pod("a", { requests: { cpu: "100m", memory: "300Mi" } })], { changes: new Map([["app", raised]]), advice });
  expect(decideWorkload(seen, rules, begun + minute).resizes[0]?.containers[0]?.next.requests).toEqual({ cpu: 500, memory: 400 * mebi });
});

test("a pod that starts long after a change is watched from then on, as a CronJob's next one", () => {
  const late = begun + 20 * 60 * minute;
  const status = ended(137, late + minute, "OOMKilled");
  const next = pod("a", after, { createdAt: new Date(late).toISOString(), status });
  const cron = template({ kind: "CronJob", replacesPods: false, containers: [{ name: "app", ...small }] });
  const seen = situation([next], { changes: new Map([["app", change()]]), template: cron });
  const decision = decideWorkload(seen, rules, late + 2 * minute);
  expect(decision.changes.get("app")?.takenBack?.why).toMatch(/in pod a, it was killed/);
  expect(decision.template?.containers).toMatchObject([{ next: large }]);
});

test("what crashes by itself is left alone", () => {
  const decision = decideWorkload(situation([pod("a", before, { status: ended(1, begun - minute) })]), rules, begun);
  expect([names(decision), decision.changes.size]).toEqual([[], 0]);
  expect(decision.hindrances).toEqual(["Deployment/web: its container app crashes as it is: in pod a, it ended with exit code 1"]);
});

test("what a node can't do is taken back whole, as the kubelet would try it for ever and the scheduler count it", () => {
  const conditions = [{ type: "PodResizePending", status: "True", reason: "Infeasible", message: "not enough cpu" }];
  const to = { requests: { cpu: 9_000, memory: 64 * mebi }, limits: {} };
  const more = pod("a", { requests: { cpu: "9", memory: "64Mi" } }, { status: { qosClass: "Burstable", conditions } as never });
  const decision = decideWorkload(situation([more], { changes: new Map([["app", change({ to })]]) }), rules, begun + minute);
  expect(decision.changes.get("app")?.takenBack).toMatchObject({ why: "pod a can't be resized on its node: not enough cpu", whole: true });
  expect(decision.resizes.map(({ containers }) => containers[0]?.next)).toEqual([large]);
});

const raised = { requests: { cpu: "9", memory: "256Mi" } };
const infeasible = (manager: string, has = before) => ({
  status: {
    phase: "Running",
    qosClass: "Burstable",
    conditions: [{ type: "PodResizePending", status: "True", reason: "Infeasible", message: "not enough cpu" }],
    containerStatuses: [{ name: "app", resources: has }],
  } as never,
  managers: [
    { manager, fieldsV1: { "f:spec": { "f:containers": { 'k:{"name":"app"}': { "f:resources": { "f:requests": { "f:cpu": {} } } } } } } },
  ],
});
const held = change({ takenBack: { why: "it crashed", until: begun + 60 * minute, whole: false } });

test("what is raised while something is held, and a node can't do, is undone, and not tried again while that is held", () => {
  const advice = new Map([["app", { key, wanted: { ...wanted, requests: { cpu: 9_000, memory: 64 * mebi } } }]]);
  const seen = situation([pod("a", raised, infeasible("plimsoll-resizing"))], { changes: new Map([["app", held]]), advice });
  const decision = decideWorkload(seen, rules, begun + minute);
  const back = decision.changes.get("app");
  expect(back).toEqual({
    ...held,
    from: { requests: { cpu: 500 }, limits: {} },
    to: { requests: { cpu: 9_000 }, limits: {} },
    takenBack: { why: "pod a can't be resized on its node: not enough cpu", until: begun + minute + rules.hold, whole: true },
  });
  expect(decision.resizes.map(({ containers }) => containers[0]?.next)).toEqual([large]);
  const after = decideWorkload({ ...seen, pods: [pod("a"), pod("b")], changes: decision.changes }, rules, begun + 2 * minute);
  expect([names(after), after.changes.get("app")]).toEqual([[], back]);
});

test("a raise to more than before that a node can't do goes back to what was before the change that is held, and not to what that had lowered", () => {
  const lowered = { requests: { cpu: "100m", memory: "256Mi" } };
  const seen = situation([pod("a", raised, infeasible("plimsoll-resizing", lowered))], { changes: new Map([["app", held]]) });
  const decision = decideWorkload(seen, rules, begun + minute);
  expect(decision.changes.get("app")).toMatchObject({ from: { requests: { cpu: 500 } }, to: { requests: { cpu: 9_000 } } });
  // What is only what was before is nobody's raise.
  const back = situation([pod("a", before, infeasible("plimsoll-resizing", lowered)), pod("b")], { changes: seen.changes });
  const { changes, resizes } = decideWorkload(back, rules, begun + minute);
  expect([changes.get("app"), resizes]).toEqual([held, []]);
});

test.each<[string, ResizablePod[], string[]]>([
  ["that its owner has asked for", [pod("a", raised, infeasible("kubectl-edit"))], []],
  ["while another pod has yet to get back what was lowered", [pod("a", raised, infeasible("plimsoll-resizing")), pod("b", after)], ["b"]],
])("what a node can't do stays while something is held: %s", (_, pods, resized) => {
  const decision = decideWorkload(situation(pods, { changes: new Map([["app", held]]) }), rules, begun + minute);
  expect([names(decision), decision.changes.get("app")]).toEqual([resized, held]);
});

test("a roll-out that fails by a change is taken back", () => {
  const failed = template({
    containers: [{ name: "app", ...small }],
    rollout: { state: "failed", message: "it has exceeded its deadline" },
  });
  const seen = situation([], { template: failed, changes: new Map([["app", change()]]) });
  const decision = decideWorkload(seen, { ...rules, mode: "recreate" }, begun + minute);
  expect(decision.changes.get("app")?.takenBack?.why).toBe("the roll-out failed: it has exceeded its deadline");
  expect(decision.template?.containers).toMatchObject([{ next: large }]);
  expect(decision.changes.get("app")?.takenBack?.whole).toBe(true);
});
