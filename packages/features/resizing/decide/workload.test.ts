import type { Budget } from "@plimsoll/model";
import { expect, test } from "vitest";
import {
  after,
  before,
  begun,
  change,
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
  wanted,
} from "../testing/situation.ts";
import { decideWorkload } from "./workload.ts";
import type { Rules, Situation } from "./situation.ts";

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

test("a resize that waits for room on its node is told, also where no other pod waits for it", () => {
  const message = "Node didn't have enough resource: cpu";
  const condition = { type: "PodResizePending", status: "True", reason: "Deferred", message };
  const waiting = pod("a", after, { status: { phase: "Running", qosClass: "Burstable", conditions: [condition as never] } });
  const told = (pods: ReturnType<typeof pod>[], changes = new Map([["app", change()]])) =>
    decideWorkload(situation(pods, { changes }), rules, begun + 10 * minute).hindrances;
  const said = ["Deployment/web: pod a isn't resized yet: Node didn't have enough resource: cpu"];
  expect(told([waiting])).toEqual(said);
  expect(told([waiting, pod("b")])).toEqual(said);
  // Somebody else's resize is no matter of the policy's.
  expect(told([waiting], new Map())).toEqual([]);
});

test("where no pod has a change that has settled, as a roll-out has replaced them, one is first again", () => {
  const seen = situation([pod("a"), pod("b")], { changes: new Map([["app", change()]]) });
  const decision = decideWorkload(seen, rules, begun + 90 * minute);
  expect(names(decision)).toHaveLength(1);
  expect(decision.changes.get("app")).toEqual(change({ at: begun + 90 * minute }));
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

test.each<[string, Situation["about"], number]>([
  ["a Deployment that is gone", { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, 0],
  ["a bare pod that is gone", { apiVersion: "v1", kind: "Pod", name: "web" }, 0],
  ["Jobs that have something in common", { apiVersion: "batch/v1", kind: "Job", name: "etl-*" }, 1],
  ["a Pipeline, between two runs", { apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", name: "etl" }, 1],
])("of %s, without pods, it is told so often that there is no template", (_, about, times) => {
  const pods = [pod("a", before, { status: { phase: "Succeeded" } })];
  const decision = decideWorkload(situation(pods, { about, template: undefined }), { ...rules, mode: "recreate" }, begun);
  expect(decision.hindrances).toHaveLength(times);
});

test("a template is changed as a whole, also past a budget that isn't to be respected", () => {
  const seen = situation([pod("a")], { budgets: [budget(0)] });
  const decision = decideWorkload(seen, { ...rules, mode: "recreate", respectBudgets: false }, begun);
  expect(decision.template?.containers).toMatchObject([{ name: "app", now: large, next: small }]);
  expect(decision.resizes).toEqual([]);
});

test("a CronJob's template is changed in each mode, as that replaces no pod", () => {
  const cron = template({ kind: "CronJob", replacesPods: false });
  const decision = decideWorkload(situation([], { template: cron }), { ...rules, mode: "on-restart" }, begun);
  expect(decision.template?.containers).toMatchObject([{ next: small }]);
});

test("pods of a CronJob get what was raised since in its template, while they start, or in place; and what was lowered, they don't", () => {
  const to = { requests: { cpu: 100, memory: 512 * mebi }, limits: {} };
  const cron = template({ kind: "CronJob", replacesPods: false, containers: [{ name: "app", ...to }] });
  const late = { createdAt: new Date(begun).toISOString() };
  const seen = situation([pod("old"), pod("new", before, late)], {
    template: cron,
    changes: new Map([["app", change({ to })]]),
    advice: new Map(),
  });
  const resized = (more: Partial<Rules>) => decideWorkload(seen, { ...rules, ...more }, begun + minute);
  expect(names(resized({ mode: "on-restart" }))).toEqual(["new"]);
  const inPlace = resized({ mode: "in-place" });
  expect(names(inPlace)).toEqual(["old", "new"]);
  expect(inPlace.resizes[0]?.containers[0]?.next.requests).toEqual({ cpu: 500, memory: 512 * mebi });
  expect(names(resized({ mode: "in-place", closed: "its windows are closed" }))).toEqual([]);
  expect(names(resized({ mode: "recreate" }))).toEqual([]);
});
