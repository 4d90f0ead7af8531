import { assert, constantFrom, integer, property, record, array } from "fast-check";
import type { Verdict } from "@plimsoll/cloud";
import type { NodeView } from "@plimsoll/model";
import { expect, test } from "vitest";
import { decide, suspectsOf, type Decision } from "./decide.ts";
import { dueOf, hastened, lookAfter, type Look } from "./look.ts";
import type { Policy } from "./policy.ts";

const minute = 60_000;
const now = Date.parse("2026-11-28T12:00:00Z");

const policy: Policy = {
  dryRun: false,
  notReadyFor: 10 * minute,
  graceAfterCreation: 15 * minute,
  checkInterval: minute,
  maxCount: 10,
  maxPercent: 100,
  window: 60 * minute,
};

const nodeOf = (name: string, of: Partial<NodeView> = {}): NodeView => ({
  name,
  uid: `uid-${name}`,
  resourceVersion: "1",
  createdAt: now - 24 * 60 * minute,
  endsAt: undefined,
  labels: {},
  annotations: {},
  taints: [],
  isUnschedulable: false,
  ready: { status: "Unknown", since: now - 20 * minute, reason: "NodeStatusUnknown" },
  capacity: {},
  allocatable: {},
  providerID: `aws:///eu-central-1a/${name}`,
  addresses: [],
  ...of,
});

const exists: Verdict = { state: "exists" };
const gone: Verdict = { state: "gone", why: "is terminated" };
const unsure: Verdict = { state: "unsure", why: "RequestLimitExceeded" };

/** What the cloud said one after the other, the last time just now. */
const looked = (...verdicts: Verdict[]): Look => {
  let look: Look | undefined;
  for (const [index, verdict] of verdicts.entries()) look = lookAfter(look, verdict, now - (verdicts.length - 1 - index) * minute, minute);
  if (look === undefined) throw new Error("give a verdict");
  return look;
};

/** What is decided about nodes, each with what was said of its machine. */
function decided(
  nodes: readonly (readonly [NodeView, Look | undefined])[],
  of: Partial<Policy> = {},
  deletedAt: number[] = [],
): Decision[] {
  const looks = new Map(nodes.flatMap(([{ uid }, look]) => (look === undefined ? [] : [[uid, look] as const])));
  return decide({ nodes: nodes.map(([node]) => node), looks, deletedAt, now }, { ...policy, ...of }).decisions;
}

const dead = nodeOf("dead");

test.each<[string, Verdict[], Decision["do"]]>([
  ["gone twice", [gone, gone], "delete"],
  ["gone once", [gone], "confirm"],
  ["gone after a doubt", [unsure, gone], "confirm"],
  ["gone, then unsure, then gone", [gone, unsure, gone], "confirm"],
  ["gone, then there", [gone, exists], "keep"],
  ["unsure after it was gone", [gone, gone, unsure], "wait"],
  ["there", [exists, exists], "keep"],
  ["unsure", [unsure], "wait"],
])("a node whose machine is %s", (_, verdicts, what) => {
  expect(decided([[dead, looked(...verdicts)]]).map((decision) => decision.do)).toEqual([what]);
});

test.each<[string, Partial<NodeView>, boolean]>([
  ["Unknown for 20 minutes", {}, true],
  ["NotReady for 20 minutes", { ready: { status: "False", since: now - 20 * minute, reason: "KubeletNotReady" } }, true],
  ["NotReady for exactly as long as it may be", { ready: { status: "False", since: now - 10 * minute, reason: "" } }, true],
  ["NotReady for a moment less", { ready: { status: "False", since: now - 10 * minute + 1, reason: "" } }, false],
  ["Ready, and was NotReady a minute ago", { ready: { status: "True", since: now - minute, reason: "KubeletReady" } }, false],
  ["NotReady since a moment that is still to come", { ready: { status: "False", since: now + 60 * minute, reason: "" } }, false],
  ["new", { createdAt: now - 15 * minute + 1 }, false],
  ["just old enough", { createdAt: now - 15 * minute }, true],
  ["being deleted", { endsAt: now }, false],
  ["Ready for a day", { ready: { status: "True", since: now - 24 * 60 * minute, reason: "KubeletReady" } }, false],
])("of a node that is %s the machine is asked for, or nothing is decided", (_, of, isSuspect) => {
  const node = nodeOf("one", of);
  expect(suspectsOf([node], policy, now)).toEqual(isSuspect ? [node] : []);
  expect(decided([[node, looked(gone, gone)]]).map((decision) => decision.do)).toEqual(isSuspect ? ["delete"] : []);
});

test("in a dry run it is told, and not done", () => {
  expect(decided([[dead, looked(gone, gone)]], { dryRun: true })).toEqual([{ do: "tell", node: dead, why: "is terminated" }]);
});

test("what is told in a dry run is told as long as the cloud says nothing else, however seldom it is asked", () => {
  const old = { ...looked(gone, gone), goneSince: now - 15 * minute, at: now - 14 * minute };
  expect(decided([[dead, old]], { dryRun: true })).toMatchObject([{ do: "tell" }]);
  expect(decided([[dead, looked(gone)]], { dryRun: true })).toMatchObject([{ do: "confirm" }]);
});

test("what was put off by a dry run or by the breaker is asked for at once when that is over, and then done", () => {
  const often = looked(gone, gone, gone, gone, gone, gone);
  const old = { ...often, at: now - 2 * minute, due: now + 13 * minute };
  expect(decided([[dead, old]])).toMatchObject([{ do: "confirm" }]);
  const looks = new Map([[dead.uid, hastened(old, minute)]]);
  expect(dueOf([dead], looks, now, 200)).toEqual([dead]);
  expect(decided([[dead, lookAfter(looks.get(dead.uid), gone, now, minute)]])).toMatchObject([{ do: "delete" }]);
  // A second look isn't hastened: it is to be an interval after the first.
  const first = looked(gone);
  expect(hastened(first, minute)).toEqual(first);
});

test("what was said of another node of the same name is not said of this one", () => {
  const looks = new Map([["uid-of-the-other", looked(gone, gone)]]);
  expect(decide({ nodes: [dead], looks, deletedAt: [], now }, policy).decisions).toMatchObject([{ do: "wait" }]);
});

test("what was said two intervals ago is asked for again", () => {
  const old = { ...looked(gone, gone), at: now - minute };
  expect(decided([[dead, old]])).toMatchObject([{ do: "confirm" }]);
});

const many = (count: number) => Array.from({ length: count }, (_, index) => nodeOf(`node-${index}`));
const ready = { status: "True", since: 0, reason: "" } as const;

test.each<[string, { dead: number; alive: number; deleted?: number; of: Partial<Policy> }, Decision["do"]]>([
  ["as many as may be", { dead: 10, alive: 0, of: {} }, "delete"],
  ["one more than may be", { dead: 11, alive: 0, of: {} }, "stop"],
  ["as many as the share may be", { dead: 5, alive: 95, of: { maxPercent: 5 } }, "delete"],
  ["one more than the share", { dead: 6, alive: 94, of: { maxPercent: 5 } }, "stop"],
  ["one of a small cluster", { dead: 1, alive: 2, of: { maxPercent: 5 } }, "delete"],
  ["two of a small cluster", { dead: 2, alive: 2, of: { maxPercent: 5 } }, "stop"],
  ["the last that may be, with those before", { dead: 1, alive: 90, deleted: 9, of: {} }, "delete"],
  ["one too many, with those before", { dead: 1, alive: 90, deleted: 10, of: {} }, "stop"],
])("of %s, all are deleted or none", (_, { dead, alive, deleted = 0, of }, what) => {
  const nodes = many(dead + alive).map((node, index) => [index < dead ? node : { ...node, ready }, looked(gone, gone)] as const);
  const decisions = decided(nodes, of, Array<number>(deleted).fill(now - 30 * minute));
  expect(decisions).toHaveLength(dead);
  expect(new Set(decisions.map((decision) => decision.do))).toEqual(new Set([what]));
});

test("what was deleted before the window doesn't count", () => {
  const nodes = [[dead, looked(gone, gone)] as const];
  const before = Array<number>(10).fill(now - 60 * minute);
  expect(decided(nodes, {}, before)).toMatchObject([{ do: "delete" }]);
  expect(decided(nodes, {}, [...before, now - minute])).toMatchObject([{ do: "delete" }]);
});

test("one whose machine was gone at one look counts, and one of which nothing is known doesn't", () => {
  const [one = dead, two = dead, three = dead] = many(3);
  const nodes = [[one, looked(gone, gone)] as const, [two, looked(gone)] as const, [three, looked(unsure)] as const];
  expect(decided(nodes, { maxCount: 1 }).map((decision) => decision.do)).toEqual(["stop", "stop", "wait"]);
  expect(decided(nodes, { maxCount: 2 }).map((decision) => decision.do)).toEqual(["delete", "confirm", "wait"]);
});

const verdict = constantFrom(exists, gone, unsure);
const aNode = record({
  status: constantFrom("True", "False", "Unknown"),
  notReadyMinutes: integer({ min: -5, max: 30 }),
  ageMinutes: integer({ min: 0, max: 60 }),
  verdicts: array(verdict, { minLength: 1, maxLength: 5 }),
});

test("whatever is known, what is deleted has been NotReady for too long, is old enough, and was gone twice; and is never too much", () => {
  const policies = record({
    maxCount: integer({ min: 1, max: 8 }),
    maxPercent: integer({ min: 0, max: 100 }),
    deleted: integer({ min: 0, max: 8 }),
  });
  assert(
    property(array(aNode, { maxLength: 20 }), policies, (given, { deleted, ...limits }) => {
      const nodes = given.map(({ status, notReadyMinutes, ageMinutes, verdicts }, index) => {
        const since = now - notReadyMinutes * minute;
        const node = nodeOf(`node-${index}`, { createdAt: now - ageMinutes * minute, ready: { status, since, reason: "" } });
        return { node, verdicts, look: looked(...verdicts), notReadyMinutes, ageMinutes };
      });
      const decisions = decided(
        nodes.map(({ node, look }) => [node, look] as const),
        limits,
        Array<number>(deleted).fill(now - minute),
      );
      const deletions = decisions.filter((decision) => decision.do === "delete");
      for (const { node } of deletions) {
        const of = nodes.find((one) => one.node === node);
        expect(node.ready.status).not.toBe("True");
        expect(of?.notReadyMinutes).toBeGreaterThanOrEqual(10);
        expect(of?.ageMinutes).toBeGreaterThanOrEqual(15);
        expect(of?.verdicts.slice(-2)).toEqual([gone, gone]);
      }
      if (deletions.length === 0) return;
      expect(deletions.length + deleted).toBeLessThanOrEqual(limits.maxCount);
      expect(deletions.length + deleted).toBeLessThanOrEqual(Math.max(1, ((nodes.length + deleted) * limits.maxPercent) / 100));
    }),
    { numRuns: 2_000 },
  );
});

test("as long as the same is said it is asked less and less often, but a machine that is gone for the first time soon again", () => {
  let look: Look | undefined;
  const pauses = [exists, exists, exists, exists, exists, exists, gone, gone].map((verdict) => {
    look = lookAfter(look, verdict, now, minute);
    return (look.due - now) / minute;
  });
  expect(pauses).toEqual([1, 2, 4, 8, 15, 15, 1, 2]);
});

test("no more are asked for at once than may be, and none is forgotten", () => {
  const nodes = many(500);
  const looks = new Map<string, Look>();
  const asked = new Map<string, number>();
  for (let round = 0; round < 3; round += 1) {
    const due = dueOf(nodes, looks, now + round * minute, 200);
    expect(due.length).toBeLessThanOrEqual(200);
    for (const { uid } of due) {
      asked.set(uid, (asked.get(uid) ?? 0) + 1);
      looks.set(uid, lookAfter(looks.get(uid), unsure, now + round * minute, minute));
    }
  }
  expect(asked.size).toBe(500);
});
