import type { Budget } from "@plimsoll/model";
import { expect, test } from "vitest";
import type { ResizablePod } from "../observe/pod.ts";
import type { Template } from "../observe/template.ts";
import { podWith } from "../testing/pod.ts";
import type { Change } from "./change.ts";
import type { Wanted } from "./wanted.ts";
import type { Rules, Situation } from "./situation.ts";
import { decideWorkload } from "./workload.ts";

const mebi = 1024 ** 2;
const minute = 60_000;
const begun = Date.parse("2026-11-28T12:00:00Z");
const rules: Rules = {
  mode: "in-place",
  minChange: 10,
  downOnly: false,
  respectBudgets: true,
  closed: undefined,
  settle: 5 * minute,
  watch: 60 * minute,
  hold: 24 * 60 * minute,
};
const before = { requests: { cpu: "500m", memory: "256Mi" } };
const after = { requests: { cpu: "100m", memory: "64Mi" } };
const small = { requests: { cpu: 100, memory: 64 * mebi }, limits: {} };
const large = { requests: { cpu: 500, memory: 256 * mebi }, limits: {} };
const wanted: Wanted = { ...small, unlimited: [] };
const key = "apps/Deployment/web//app";
const change = (more: Partial<Change> = {}): Change => ({ key, at: begun, from: large, to: small, ...more });
const template = (more: Partial<Template> = {}): Template => ({
  kind: "Deployment",
  namespace: "a",
  name: "web",
  uid: "1",
  generation: 1,
  containers: [{ name: "app", ...large }],
  replacesPods: true,
  rollout: { state: "steady" },
  ...more,
});
const situation = (pods: ResizablePod[], more: Partial<Situation> = {}): Situation => ({
  title: "Deployment/web",
  pods,
  template: template(),
  advice: new Map([["app", { key, wanted }]]),
  changes: new Map(),
  budgets: [],
  refused: new Map(),
  ...more,
});
const pod = (name: string, resources = before, more: Parameters<typeof podWith>[1] = {}) => podWith(resources, { name, ...more });
const ended = (exitCode: number, at: number, reason = "Error") => ({
  phase: "Running",
  qosClass: "Burstable",
  containerStatuses: [{ name: "app", lastState: { terminated: { exitCode, reason, finishedAt: new Date(at).toISOString() } } } as never],
});
const names = ({ resizes }: ReturnType<typeof decideWorkload>) => resizes.map(({ pod }) => pod.name);

test("in place, one pod is first, and the change is known before", () => {
  const decision = decideWorkload(situation([pod("a"), pod("b")]), rules, begun);
  expect(names(decision)).toHaveLength(1);
  expect([...decision.changes.values()]).toEqual([change()]);
  expect(decision.wakeAt).toBe(begun + rules.settle);
});

test("the others wait until the first has done well for a while", () => {
  const seen = situation([pod("a", after), pod("b"), pod("c")], { changes: new Map([["app", change()]]) });
  const waits = decideWorkload(seen, rules, begun + minute);
  expect([names(waits), waits.wakeAt]).toEqual([[], begun + rules.settle]);
  expect(names(decideWorkload(seen, rules, begun + rules.settle))).toEqual(["b", "c"]);
});

test("cut off before the first was resized, it goes on with one", () => {
  const seen = situation([pod("a"), pod("b")], { changes: new Map([["app", change()]]) });
  expect(names(decideWorkload(seen, rules, begun + minute))).toHaveLength(1);
});

test.each([
  ["crashes", ended(3, begun + minute), /in pod a, it ended with exit code 3/],
  ["is killed for want of memory", ended(137, begun + minute, "OOMKilled"), /was killed for want of memory/],
])("what %s after its change gets back what was lowered, at once and whatever the windows are", (_, status, why) => {
  const seen = situation([pod("a", after, { status }), pod("b")], { changes: new Map([["app", change()]]) });
  const { changes, resizes } = decideWorkload(seen, { ...rules, closed: "its windows are closed" }, begun + 2 * minute);
  expect(changes.get("app")?.takenBack?.why).toMatch(why);
  expect(resizes.map(({ pod, containers }) => [pod.name, containers[0]?.next])).toEqual([["a", large]]);
});

const terminated = (exitCode: number, at: number, reason = "Error") => ({
  terminated: { exitCode, reason, finishedAt: new Date(at).toISOString() },
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

test("taking back touches nothing that hasn't the change, as what its owner has raised since", () => {
  const back = change({ takenBack: { why: "it crashed", until: begun + 60 * minute, whole: false } });
  const owners = template({ containers: [{ name: "app", requests: { cpu: 2_000, memory: 4096 * mebi }, limits: {} }] });
  const seen = situation([pod("a", { requests: { cpu: "2", memory: "4Gi" } })], { changes: new Map([["app", back]]), template: owners });
  for (const mode of ["in-place", "recreate"] as const) {
    const { resizes, template } = decideWorkload(seen, { ...rules, mode }, begun + minute);
    expect([resizes, template]).toEqual([[], undefined]);
  }
});

test("while a change is watched nothing more is lowered, and what is raised goes back to before both", () => {
  const carrier = pod("a", after);
  const changes = new Map([["app", change()]]);
  const of = (cpu: number) => new Map([["app", { key, wanted: { ...wanted, requests: { cpu, memory: 64 * mebi } } }]]);
  const lower = decideWorkload(situation([carrier], { changes, advice: of(50) }), rules, begun + 30 * minute);
  expect([names(lower), lower.wakeAt]).toEqual([[], begun + 60 * minute]);
  const higher = decideWorkload(situation([carrier], { changes, advice: of(200) }), rules, begun + 30 * minute);
  expect(higher.changes.get("app")).toEqual(
    change({ at: begun + 30 * minute, to: { requests: { cpu: 200, memory: 64 * mebi }, limits: {} } }),
  );
});

test("a change is of what changes alone: the rest is its owner's", () => {
  const memory = { requests: { memory: 64 * mebi }, limits: {}, unlimited: [] };
  const decision = decideWorkload(situation([pod("a")], { advice: new Map([["app", { key, wanted: memory }]]) }), rules, begun);
  expect(decision.changes.get("app")).toMatchObject({
    from: { requests: { memory: 256 * mebi } },
    to: { requests: { memory: 64 * mebi } },
  });
  expect(decision.changes.get("app")?.to.requests).not.toHaveProperty("cpu");
});

test("a template that others set back is left to them for a while", () => {
  const seen = situation([], { changes: new Map([["app", change()]]) });
  const decision = decideWorkload(seen, { ...rules, mode: "recreate" }, begun + 3 * minute);
  expect(decision.changes.get("app")?.takenBack?.why).toBe("the template was set back by somebody else");
  expect(decision.template).toBeUndefined();
});

test("a change of a template that the API server has refused is none, and nobody else has set it back", () => {
  const refused = new Map([["1", { message: "admission says no", until: begun + 10 * minute }]]);
  const seen = situation([], { changes: new Map([["app", change()]]), refused });
  const decision = decideWorkload(seen, { ...rules, mode: "recreate" }, begun + 3 * minute);
  expect([decision.changes.size, decision.hindrances]).toEqual([0, ["Deployment/web: admission says no"]]);
  const again = decideWorkload({ ...seen, changes: decision.changes, refused: new Map() }, { ...rules, mode: "recreate" }, begun + minute);
  expect(again.changes.get("app")).toEqual(change({ at: begun + minute }));
});

test("of a raise that the API server has refused, the change before it is left, and is watched on", () => {
  const to = { requests: { cpu: 200, memory: 64 * mebi }, limits: {} };
  const changes = new Map([["app", change({ to })]]);
  const refused = new Map([["1", { message: "admission says no", until: begun + 10 * minute }]]);
  const seen = situation([], { changes, refused, template: template({ containers: [{ name: "app", ...small }] }) });
  expect(decideWorkload(seen, { ...rules, mode: "recreate" }, begun + 3 * minute).changes.get("app")).toEqual(change());
});

test("what the API server has refused waits, and the pods after the first with it", () => {
  const refused = new Map([["b", { message: "exceeded quota", until: begun + 10 * minute }]]);
  const decision = decideWorkload(situation([pod("a"), pod("b")], { refused }), rules, begun);
  expect([names(decision), decision.wakeAt, decision.hindrances]).toEqual([
    [],
    begun + 10 * minute,
    ["Deployment/web: pod b: exceeded quota"],
  ]);
});

test("where no pod has a change that has settled, as a roll-out has replaced them, one is first again", () => {
  const seen = situation([pod("a"), pod("b")], { changes: new Map([["app", change()]]) });
  const decision = decideWorkload(seen, rules, begun + 90 * minute);
  expect(names(decision)).toHaveLength(1);
  expect(decision.changes.get("app")).toEqual(change({ at: begun + 90 * minute }));
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

test.each<[string, ResizablePod[], string[]]>([
  ["that its owner has asked for", [pod("a", raised, infeasible("kubectl-edit"))], []],
  ["while another pod has yet to get back what was lowered", [pod("a", raised, infeasible("plimsoll-resizing")), pod("b", after)], ["b"]],
])("what a node can't do stays while something is held: %s", (_, pods, resized) => {
  const decision = decideWorkload(situation(pods, { changes: new Map([["app", held]]) }), rules, begun + minute);
  expect([names(decision), decision.changes.get("app")]).toEqual([resized, held]);
});

test("on restart, pods that have run for long are left, and those that start are changed together", () => {
  const late = { createdAt: new Date(begun).toISOString() };
  const seen = situation([pod("old"), pod("new", before, late), pod("newer", before, late)]);
  expect(names(decideWorkload(seen, { ...rules, mode: "on-restart" }, begun + minute))).toEqual(["new", "newer"]);
});

const budget = (disruptionsAllowed: number) =>
  ({ name: "guard", limit: "minAvailable: 2", status: { disruptionsAllowed } }) as unknown as Budget;

test.each<[string, Partial<Situation>, Partial<Rules>, RegExp]>([
  ["a roll-out is under way", { template: template({ rollout: { state: "underway", message: "…" } }) }, {}, /roll-out is underway/],
  ["a roll-out has failed", { template: template({ rollout: { state: "failed", message: "…" } }) }, {}, /roll-out is failed/],
  ["it is paused", { template: template({ rollout: { state: "halted", message: "it is paused" } }) }, {}, /halted: it is paused/],
  ["a budget lets no pod be missing", { budgets: [budget(0)] }, {}, /PodDisruptionBudget guard \(minAvailable: 2\)/],
  ["windows are closed", {}, { closed: "its windows are closed" }, /windows are closed/],
  ["it has no template", { template: undefined }, {}, /no template/],
])("a template isn't changed while %s", (_, more, given, message) => {
  const decision = decideWorkload(situation([pod("a")], more), { ...rules, mode: "recreate", ...given }, begun);
  expect([decision.template, decision.changes.size]).toEqual([undefined, 0]);
  expect(decision.hindrances.join()).toMatch(message);
});

test("a template is changed as a whole, also past a budget that isn't to be respected", () => {
  const seen = situation([pod("a")], { budgets: [budget(0)] });
  const decision = decideWorkload(seen, { ...rules, mode: "recreate", respectBudgets: false }, begun);
  expect(decision.template?.containers).toMatchObject([{ name: "app", now: large, next: small }]);
  expect(decision.resizes).toEqual([]);
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

test("a CronJob's template is changed in each mode, as that replaces no pod", () => {
  const cron = template({ kind: "CronJob", replacesPods: false });
  const decision = decideWorkload(situation([], { template: cron }), { ...rules, mode: "on-restart" }, begun);
  expect(decision.template?.containers).toMatchObject([{ next: small }]);
});
