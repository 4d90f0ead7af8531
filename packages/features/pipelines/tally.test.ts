import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Tally } from "./tally.ts";
import { activePod } from "./testing/active-pod.ts";
import type { JobView, PodView } from "./view.ts";

const pod = (name: string, more: Partial<PodView> = {}): PodView => activePod({ name, step: "s", ...more });
const job = (item: number, more: Partial<JobView> = {}): JobView => ({
  namespace: "ns",
  name: `j${item}`,
  run: "r",
  runUid: "u",
  step: "s",
  item,
  createdAt: "2026-01-01T00:00:00Z",
  failure: undefined,
  complete: false,
  deleting: false,
  failedItems: 0,
  ...more,
});

type Event = (tally: Tally) => void;

interface Item {
  attempts: { waits: boolean; end: "active" | "succeeded" | "failed"; second: number }[];
  gaveUp: boolean;
}

const attempt = fc.record({
  waits: fc.boolean(),
  end: fc.constantFrom("active" as const, "succeeded" as const, "failed" as const),
  second: fc.nat(3),
});
const items: fc.Arbitrary<Item[]> = fc.array(fc.record({ attempts: fc.array(attempt, { maxLength: 3 }), gaveUp: fc.boolean() }), {
  maxLength: 4,
});

/** The states that each object goes through, one after the other. */
function histories(items: readonly Item[]): Event[][] {
  return items.flatMap(({ attempts, gaveUp }, item) => {
    const pods = attempts.map(({ waits, end, second }, number): Event[] => {
      const name = `p${item}-${number}`;
      const ended =
        end === "active"
          ? {}
          : {
              phase: end,
              message: `item=${item}`,
              problem: end === "failed" ? `exit code ${number}` : undefined,
              finishedAt: `2026-01-01T00:00:0${second}Z`,
            };
      const states = [
        pod(name, { item }),
        ...(waits ? [pod(name, { item, problem: "unschedulable" })] : []),
        pod(name, { item, ...ended }),
      ];
      return states.map((state) => (tally) => tally.pod(state));
    });
    const jobs = [job(item), ...(gaveUp ? [job(item, { failure: { reason: "BackoffLimitExceeded", message: "gave up" } })] : [])];
    return [
      ...pods,
      jobs.map(
        (state): Event =>
          (tally) =>
            tally.job(state),
      ),
    ];
  });
}

function summary(tally: Tally): unknown {
  const items = [0, 1, 2, 3].map((item) => [tally.hasSucceeded(item), tally.outputOf(item), tally.failureOf(item)?.problem]);
  return {
    items,
    succeeded: tally.succeeded,
    active: tally.active,
    failed: tally.failed,
    firstFailed: tally.firstFailed,
    problem: tally.problem,
    failure: tally.failureOf()?.problem,
  };
}

test("a tally built from changes, some told twice, in any order between objects, is the one built from a fresh list", () => {
  fc.assert(
    fc.property(items, fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 }), fc.boolean(), (items, choices, twice) => {
      const queues = histories(items);
      const listed = new Tally();
      for (const queue of queues.toReversed()) queue.at(-1)?.(listed);

      const mixed = new Tally();
      const left = queues.map((queue) => [...queue]);
      for (let turn = 0; ; turn += 1) {
        const open = left.filter((queue) => queue.length > 0);
        const event = open[(choices[turn % choices.length] ?? 0) % open.length]?.shift();
        if (event === undefined) break;
        event(mixed);
        if (twice) event(mixed);
      }
      expect(summary(mixed)).toEqual(summary(listed));
    }),
    { numRuns: 500 },
  );
});

test("what a pod achieved stays when it is deleted", () => {
  const tally = new Tally();
  tally.pod(pod("a", { item: 0 }));
  tally.pod(pod("b", { item: 1, problem: "unschedulable" }));
  expect([tally.active, tally.succeeded, tally.problem]).toEqual([2, 0, "unschedulable"]);
  tally.pod(pod("a", { phase: "succeeded", written: { text: "x=1", limit: 4096 } }));
  tally.pod(pod("a", { phase: "succeeded", written: { text: "x=1", limit: 4096 } }), true);
  tally.pod(pod("b", { item: 1 }), true);
  expect([tally.active, tally.succeeded, tally.outputOf(0).text, tally.problem]).toEqual([0, 1, "x=1", undefined]);
});

test("what a pod waited for in vain is remembered when it is deleted, until another comes", () => {
  const tally = new Tally();
  tally.pod(pod("a", { problem: "unschedulable" }));
  tally.pod(pod("a", { problem: "unschedulable" }), true);
  expect([tally.problem, tally.waitedFor]).toEqual([undefined, "unschedulable"]);
  tally.pod(pod("b"));
  expect(tally.waitedFor).toBeUndefined();
  tally.pod(pod("b", { problem: "no image" }));
  tally.pod(pod("b", { phase: "failed", problem: "the pod failed" }));
  expect(tally.waitedFor).toBe("no image");
  tally.pod(pod("c", { problem: "unschedulable" }));
  tally.pod(pod("c"));
  tally.pod(pod("c"), true);
  expect(tally.waitedFor).toBeUndefined();
});

test("an older state of a pod that has ended changes nothing", () => {
  const tally = new Tally();
  tally.pod(pod("a", { phase: "failed", problem: "exit code 1" }));
  tally.pod(pod("a", { problem: "unschedulable" }));
  expect([tally.active, tally.problem, tally.failureOf(0)?.problem]).toEqual([0, undefined, "exit code 1"]);
});

test("an item's Job that is deleted counts as failed, unless its pod has succeeded or will be seen to", () => {
  const tally = new Tally();
  for (const item of [0, 1]) tally.job(job(item));
  tally.pod(pod("a", { item: 0, phase: "succeeded" }));
  for (const item of [0, 1]) tally.job(job(item), true);
  expect([tally.failed, tally.firstFailed]).toEqual([1, 1]);
  tally.pod(pod("b", { item: 1, phase: "succeeded" }));
  expect([tally.failed, tally.firstFailed]).toEqual([0, undefined]);
});

test("the version grows with all that is told, so that nothing is overlooked", () => {
  const tally = new Tally();
  const versions = [tally.version];
  for (const tell of [() => tally.job(job(0)), () => tally.pod(pod("a")), () => tally.pod(pod("a"), true), () => tally.confirm([])]) {
    tell();
    versions.push(tally.version);
  }
  expect(versions).toEqual([0, 1, 2, 3, 4]);
});
