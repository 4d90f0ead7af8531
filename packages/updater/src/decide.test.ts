import { array, assert, constant, constantFrom, integer, option, property, record, tuple } from "fast-check";
import { expect, test } from "vitest";
import type { Revision } from "./cluster/revision.ts";
import { decide, patience, type Decision, type State } from "./decide.ts";
import type { Memory } from "./memory.ts";
import type { Release } from "./releases/release-index.ts";

const now = Date.parse("2026-11-27T03:00:00Z");
const digest = `sha256:${"0".repeat(64)}`;
const revision = (number: number, status: string, version: string, more: Partial<Revision> = {}): Revision => ({
  number,
  status,
  version,
  description: "said by Helm",
  at: now,
  objects: [],
  values: {},
  ...more,
});
const release: Release = { version: "0.2.0", channel: "stable", date: "", chart: { url: "http://x", digest } };
const attempt = { version: "0.2.0", digest, from: 1, over: 1, startedAt: new Date(now - 1_000).toISOString() };
const back = { why: "it crashes", startedAt: new Date(now - 500).toISOString(), over: 2 };
const memory = (more: Partial<Memory> = {}): Memory => ({ serial: 1, failed: [], ...more });
const old = revision(1, "deployed", "0.1.0");
const failed = { version: "0.2.0", digest, why: "it crashed", at: "", reason: "RolledBack" } as const;
const state = (more: Partial<State> = {}): State => ({
  now,
  revisions: [old],
  memory: memory(),
  health: { state: "healthy", text: "" },
  healthTimeout: 60_000,
  windowEnds: undefined,
  ...more,
});
const waiting = { state: "waiting", text: "1 of 2" } as const;
const broken = { state: "broken", text: "it crashes" } as const;
const late = { ...attempt, startedAt: new Date(now - 60_000).toISOString() };

test.each<[what: string, given: Partial<State>, expected: Partial<Decision>]>([
  ["without a release, that is said", { revisions: [] }, { do: "end", reason: "NoRelease" }],
  ["the list is looked at first", {}, { do: "look" }],
  [
    "a list that can't be had is tried again",
    { offer: { reason: "IndexUnreachable", message: "" } },
    { do: "end", reason: "IndexUnreachable", again: true },
  ],
  ["nothing newer is up to date", { offer: { release: undefined } }, { do: "end", reason: "UpToDate", ok: true, again: false }],
  ["what is offered is prepared", { offer: { release } }, { do: "prepare", release }],
  [
    "what nothing stands in the way of is installed",
    { offer: { release }, hindrance: "none" },
    { do: "upgrade", release, from: old, over: 1 },
  ],
  [
    "what wants more rights waits",
    { offer: { release }, hindrance: { reason: "NeedsRights", message: "" } },
    { do: "end", reason: "NeedsRights", again: false },
  ],
  [
    "a window that has closed keeps an update back",
    { offer: { release }, hindrance: "none", windowEnds: now },
    { do: "end", reason: "OutsideWindow" },
  ],
  [
    "what has failed isn't tried again",
    { offer: { release }, memory: memory({ failed: [failed] }) },
    { do: "end", reason: "RolledBack", ok: false },
  ],
  [
    "what couldn't be gone back from stays said",
    {
      offer: { release },
      memory: memory({ failed: [{ ...failed, reason: "RollbackFailed" }] }),
      revisions: [old, revision(2, "superseded", "0.2.0"), revision(3, "failed", "0.1.0")],
    },
    { do: "end", reason: "RollbackFailed", ok: false, message: expect.stringContaining("said by Helm") as string },
  ],
  [
    "also where what was before doesn't work",
    { offer: { release }, memory: memory({ failed: [{ ...failed, reason: "RollbackFailed" }] }), health: broken },
    { do: "end", reason: "RollbackFailed", message: expect.stringContaining("it crashes") as string },
  ],
  [
    "until it does",
    { offer: { release }, memory: memory({ failed: [{ ...failed, reason: "RollbackFailed" }] }) },
    { do: "end", reason: "RolledBack" },
  ],
  [
    "what somebody has replaced isn't installed over theirs",
    {
      offer: { release },
      memory: memory({ failed: [{ ...failed, reason: "TakenOver" }] }),
      revisions: [old, revision(2, "superseded", "0.2.0"), revision(3, "deployed", "0.1.5")],
    },
    { do: "end", reason: "TakenOver" },
  ],
  [
    "on a failed revision of somebody's, the last good one is what is gone back to",
    { revisions: [old, revision(2, "failed", "0.1.1")], offer: { release }, hindrance: "none" },
    { do: "upgrade", from: old, over: 2 },
  ],
  ["an attempt that Helm had not begun is begun anew", { memory: memory({ attempt }) }, { do: "look" }],
  [
    "one that Helm was cut off in goes on",
    { memory: memory({ attempt }), revisions: [old, revision(2, "pending-upgrade", "0.2.0")] },
    { do: "forward", revision: 2 },
  ],
  [
    "but back, where its time is over",
    { memory: memory({ attempt: late }), revisions: [old, revision(2, "pending-upgrade", "0.2.0")] },
    { do: "rollback", to: 1 },
  ],
  [
    "one that works is settled",
    { memory: memory({ attempt }), revisions: [old, revision(2, "deployed", "0.2.0")] },
    { do: "settle", reason: "Updated" },
  ],
  [
    "one that may yet work is waited for",
    { memory: memory({ attempt }), revisions: [old, revision(2, "deployed", "0.2.0")], health: waiting },
    { do: "wait", reason: "Updating" },
  ],
  [
    "not for longer than it may take",
    { memory: memory({ attempt: late }), revisions: [old, revision(2, "deployed", "0.2.0")], health: waiting },
    { do: "rollback", to: 1, why: "1 of 2" },
  ],
  [
    "one that crashes goes back at once",
    { memory: memory({ attempt }), revisions: [old, revision(2, "deployed", "0.2.0")], health: broken },
    { do: "rollback", to: 1 },
  ],
  [
    "one that Helm failed in goes back, whatever runs",
    { memory: memory({ attempt }), revisions: [old, revision(2, "failed", "0.2.0")] },
    { do: "rollback", to: 1, why: "said by Helm" },
  ],
  [
    "one that somebody has replaced is given up",
    { memory: memory({ attempt }), revisions: [old, revision(2, "superseded", "0.2.0"), revision(3, "deployed", "0.1.5")] },
    { do: "settle", reason: "TakenOver" },
  ],
  [
    "a way back that Helm had not begun is begun",
    { memory: memory({ attempt: { ...attempt, back } }), revisions: [old, revision(2, "deployed", "0.2.0")] },
    { do: "rollback", to: 1, why: "it crashes" },
  ],
  [
    "and one that Helm was cut off in, again",
    { memory: memory({ attempt: { ...attempt, back } }), revisions: [old, revision(3, "pending-rollback", "0.1.0")] },
    { do: "rollback", to: 1 },
  ],
  [
    "one that Helm has failed in is begun again after a pause",
    { memory: memory({ attempt: { ...attempt, back } }), revisions: [old, revision(3, "failed", "0.1.0")] },
    { do: "rollback", to: 1, pause: 12_000 },
  ],
  [
    "but not for longer than it may take",
    {
      memory: memory({ attempt: { ...attempt, back: { ...back, startedAt: late.startedAt } } }),
      revisions: [old, revision(3, "failed", "0.1.0")],
    },
    { do: "settle", reason: "RollbackFailed", message: expect.stringContaining("said by Helm") as string },
  ],
  [
    "one to a revision that Helm no longer keeps is given up",
    { memory: memory({ attempt: { ...attempt, back } }), revisions: [revision(3, "failed", "0.1.0")] },
    { do: "settle", reason: "RollbackFailed", message: expect.stringContaining("no longer keeps revision 1") as string },
  ],
  [
    "one that has come through is settled",
    { memory: memory({ attempt: { ...attempt, back } }), revisions: [old, revision(3, "deployed", "0.1.0")] },
    { do: "settle", reason: "RolledBack", why: "it crashes" },
  ],
  [
    "Helm at work for somebody is left alone",
    { revisions: [old, revision(2, "pending-upgrade", "0.1.1")] },
    { do: "end", reason: "HelmAtWork", again: true },
  ],
  [
    "cut off long ago, its work is brought to its end where it runs",
    { revisions: [old, revision(2, "pending-upgrade", "0.1.1", { at: now - patience })] },
    { do: "forward", revision: 2 },
  ],
  [
    "and taken back where it doesn't",
    { revisions: [old, revision(2, "pending-upgrade", "0.1.1", { at: now - patience })], health: waiting },
    { do: "rollback", to: 1 },
  ],
])("%s", (_, given, expected) => {
  expect(decide(state(given))).toMatchObject(expected);
});

const statuses = ["deployed", "failed", "superseded", "pending-upgrade", "pending-rollback", "pending-install"];
const revisions = array(tuple(constantFrom(...statuses), constantFrom("0.1.0", "0.2.0"), integer({ min: 0, max: 2 * patience })), {
  minLength: 1,
  maxLength: 4,
}).map((all) => all.map(([status, version, age], index) => revision(index + 1, status, version, { at: now - age })));
const times = integer({ min: 0, max: 120_000 }).map((ago) => new Date(now - ago).toISOString());
const attempts = option(
  record({
    version: constant("0.2.0"),
    digest: constant(digest),
    from: constant(1),
    over: constant(1),
    startedAt: times,
    back: option(record({ why: constant("x"), startedAt: times, over: integer({ min: 1, max: 4 }) }), { nil: undefined }),
  }),
  { nil: undefined },
);
const health = constantFrom({ state: "healthy", text: "" } as const, waiting, broken);

test("whatever was cut off: nothing new is begun before it is settled, and it goes back only to what was there", () => {
  assert(
    property(revisions, attempts, health, (revisions, found, health) => {
      const { back, ...rest } = found ?? {};
      const given = found && { ...attempt, ...rest, ...(back && { back }) };
      const decision = decide(
        state({ revisions, memory: memory(given ? { attempt: given } : {}), health, offer: { release }, hindrance: "none" }),
      );
      const newest = revisions.at(-1) ?? old;
      const isOpen = given !== undefined && newest.number > given.over;
      if (isOpen || newest.status.startsWith("pending-")) expect(decision.do).not.toBe("upgrade");
      if (decision.do === "rollback" && isOpen) expect(decision.to).toBe(1);
      if (decision.do === "settle" && decision.reason === "Updated") expect(newest).toMatchObject({ version: "0.2.0" });
    }),
  );
});
