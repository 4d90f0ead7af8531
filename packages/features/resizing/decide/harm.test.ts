import { expect, test } from "vitest";
import type { ResizablePod } from "../observe/pod.ts";
import type { Rollout } from "../observe/template.ts";
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
import type { Change } from "./change.ts";
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

test("what ends after a change that lowered nothing takes nothing back", () => {
  const raise = change({ from: { requests: { memory: 100 * mebi }, limits: {} }, to: { requests: { memory: 400 * mebi }, limits: {} } });
  const resources = { requests: { ...after.requests, memory: "400Mi" } };
  for (const status of [ended(3, begun + minute), ended(137, begun + minute, "OOMKilled")]) {
    const seen = situation([pod("a", resources, { status })], { changes: new Map([["app", raise]]) });
    expect(decideWorkload(seen, rules, begun + 2 * minute).changes.get("app")?.takenBack).toBeUndefined();
  }
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
const pending = (reason: string) => ({
  status: {
    phase: "Running",
    qosClass: "Burstable",
    conditions: [{ type: "PodResizePending", status: "True", reason, message: "not enough cpu" }],
  } as never,
});
const infeasible = pending("Infeasible");
const held = change({ takenBack: { why: "it crashed", until: begun + 60 * minute, whole: false } });
const raise = { at: begun + minute, from: { requests: { cpu: 500 }, limits: {} }, to: { requests: { cpu: 9_000 }, limits: {} } };
const heldWith = { ...held, takenBack: { ...held.takenBack, raise } } as Change;
const moreCpu = new Map([["app", { key, wanted: { ...wanted, requests: { cpu: 9_000, memory: 64 * mebi } } }]]);
const undone = (why: string, now: number): Change => ({
  key,
  ...raise,
  failures: 1,
  takenBack: { why, until: now + rules.hold, whole: true },
});

test("what is raised while something is held stands with that, first of one pod", () => {
  const seen = situation([pod("a"), pod("b")], { changes: new Map([["app", held]]), advice: moreCpu });
  const first = decideWorkload(seen, rules, raise.at);
  expect([names(first), first.changes.get("app")]).toEqual([["a"], heldWith]);
  const settled = { ...seen, pods: [pod("a", raised), pod("b")], changes: first.changes };
  expect(names(decideWorkload(settled, rules, raise.at + minute))).toEqual([]);
  expect(names(decideWorkload(settled, rules, raise.at + rules.settle))).toEqual(["b"]);
});

test("what is raised while something is held, and a node can't do, is undone, and not tried again while that is held", () => {
  const seen = situation([pod("a", raised, infeasible)], { changes: new Map([["app", heldWith]]), advice: moreCpu });
  const decision = decideWorkload(seen, rules, begun + 2 * minute);
  const back = undone("pod a can't be resized on its node: not enough cpu", begun + 2 * minute);
  expect(decision.changes.get("app")).toEqual(back);
  expect(decision.resizes.map(({ containers }) => containers[0]?.next)).toEqual([large]);
  const after = decideWorkload({ ...seen, pods: [pod("a"), pod("b")], changes: decision.changes }, rules, begun + 3 * minute);
  expect([names(after), after.changes.get("app")]).toEqual([[], back]);
});

test("what was raised while something was held, and a node can't do once that is over, is undone, too", () => {
  const late = begun + 300 * minute;
  const seen = situation([pod("a", raised)], { changes: new Map([["app", heldWith]]), advice: moreCpu });
  const over = decideWorkload(seen, { ...rules, closed: "its windows are closed" }, late).changes;
  expect(over.get("app")).toEqual({ key, ...raise });
  const decision = decideWorkload({ ...seen, pods: [pod("a", raised, infeasible)], changes: over }, rules, late + minute);
  expect(decision.changes.get("app")).toEqual(undone("pod a can't be resized on its node: not enough cpu", late + minute));
  expect(decision.resizes.map(({ containers }) => containers[0]?.next)).toEqual([large]);
});

test("what is lowered once nothing is held goes back as well, where a node can't do what was raised before and is not done yet", () => {
  const late = begun + 300 * minute;
  const seen = situation([pod("a", raised, pending("Deferred"))], { changes: new Map([["app", heldWith]]), advice: moreCpu });
  const lowered = decideWorkload(seen, rules, late);
  const both = { key, at: late, from: large, to: { requests: { cpu: 9_000, memory: 64 * mebi }, limits: {} } };
  expect([lowered.changes.get("app"), names(lowered)]).toEqual([both, ["a"]]);
  const last = pod("a", { requests: { cpu: "9", memory: "64Mi" } }, infeasible);
  const decision = decideWorkload({ ...seen, pods: [last], changes: lowered.changes }, rules, late + minute);
  expect(decision.resizes.map(({ containers }) => containers[0]?.next)).toEqual([large]);
});

test.each<[string, Change, ResizablePod[], string[]]>([
  ["that its owner has asked for", held, [pod("a", raised, infeasible)], []],
  ["while another pod has yet to get back what was lowered", heldWith, [pod("a", raised, infeasible), pod("b", after)], ["b"]],
])("what a node can't do stays while something is held: %s", (_, change, pods, resized) => {
  const decision = decideWorkload(situation(pods, { changes: new Map([["app", change]]) }), rules, begun + 2 * minute);
  expect([names(decision), decision.changes.get("app")]).toEqual([resized, change]);
});

test("a crash of what was raised while something is held undoes nothing, as more of something does no such harm", () => {
  const seen = situation([pod("a", raised, { status: ended(3, begun + 2 * minute) })], { changes: new Map([["app", heldWith]]) });
  expect(decideWorkload(seen, rules, begun + 3 * minute).changes.get("app")).toEqual(heldWith);
});

const recreate = { ...rules, mode: "recreate" as const };
const raisedTemplate = (rollout: Rollout) =>
  template({ containers: [{ name: "app", requests: { ...large.requests, cpu: 9_000 }, limits: {} }], rollout });

test("a raise of a template whose roll-out fails, made while something is held, is undone, and not tried again while that is held", () => {
  const steady = situation([], { changes: new Map([["app", held]]), advice: moreCpu });
  const first = decideWorkload(steady, recreate, raise.at);
  expect([first.changes.get("app"), first.template?.containers[0]?.next.requests]).toEqual([heldWith, { ...large.requests, cpu: 9_000 }]);
  const failed = raisedTemplate({ state: "failed", message: "it has exceeded its deadline" });
  const seen = { ...steady, template: failed, changes: first.changes };
  const decision = decideWorkload(seen, recreate, begun + 12 * minute);
  expect(decision.changes.get("app")).toEqual(undone("the roll-out failed: it has exceeded its deadline", begun + 12 * minute));
  expect(decision.template?.containers).toMatchObject([{ next: large }]);
  const after = decideWorkload({ ...steady, changes: decision.changes }, recreate, begun + 13 * minute);
  expect([after.template, after.changes]).toEqual([undefined, decision.changes]);
});

test("a raise that somebody sets back is not made again, whether something was held before or not", () => {
  for (const change of [heldWith, { key, ...raise }]) {
    const seen = situation([], { changes: new Map([["app", change]]), advice: moreCpu });
    const decision = decideWorkload(seen, recreate, begun + 4 * minute);
    expect(decision.changes.get("app")).toEqual(undone("the template was set back by somebody else", begun + 4 * minute));
    expect(decision.template).toBeUndefined();
  }
});

test("a raise while something is held that the API server has refused is none", () => {
  const refused = new Map([["1", { message: "admission says no", until: begun + 10 * minute }]]);
  const seen = situation([], { changes: new Map([["app", heldWith]]), advice: moreCpu, refused });
  expect(decideWorkload(seen, recreate, begun + 4 * minute).changes.get("app")).toEqual(held);
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

test("a change whose roll-out fails each time is tried again after twice as long each time, and another one after the usual time", () => {
  const day = 24 * 60 * minute;
  let [now, changes]: [number, ReadonlyMap<string, Change>] = [begun, new Map()];
  const failed = template({ containers: [{ name: "app", ...small }], rollout: { state: "failed", message: "no" } });
  const holds = [1, 2, 3, 4, 5, 6].map(() => {
    const began = decideWorkload(situation([], { changes }), recreate, now);
    expect(began.template?.containers).toMatchObject([{ next: small }]);
    const back = decideWorkload(situation([], { template: failed, changes: began.changes }), recreate, now + minute);
    const { until = 0 } = back.changes.get("app")?.takenBack ?? {};
    // While its windows are closed it isn't forgotten, and nothing is looked at again for it.
    const closed = decideWorkload(situation([], { changes: back.changes }), { ...recreate, closed: "its windows are closed" }, until);
    expect([closed.changes, closed.wakeAt]).toEqual([back.changes, Infinity]);
    const held = (until - now - minute) / day;
    [now, changes] = [until, closed.changes];
    return held;
  });
  expect(holds).toEqual([1, 2, 4, 8, 16, 16]);
  const advice = new Map([["app", { key, wanted: { ...wanted, requests: { cpu: 200, memory: 64 * mebi } } }]]);
  expect(decideWorkload(situation([], { changes, advice }), recreate, now).changes.get("app")).not.toHaveProperty("failures");
});
