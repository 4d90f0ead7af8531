import { expect, test } from "vitest";
import { timingOf } from "../cron/timing.ts";
import type { RunFacts } from "./run.ts";
import { decide, unstarted, type Known, type Rules } from "./schedule.ts";

const minute = 60_000;
const found = timingOf({ interval: "1m" });
if ("problems" in found) throw new Error("it is sound");

const rules: Rules = {
  timing: found.timing,
  digest: "d",
  delay: 0,
  isSuspended: false,
  missedRuns: "all",
  deadline: Infinity,
  concurrency: "Allow",
  history: { succeeded: 1, failed: 1, cancelled: 1 },
};

const run = (at: number, phase: RunFacts["phase"], isEnding = false): RunFacts => ({
  name: `s-${at}`,
  uid: `${at}`,
  time: at * minute,
  phase,
  isEnding,
});

/** A schedule of every minute for which all up to 10 is dealt with, at 13. */
function decided(change: Partial<Rules>, more: Partial<Known<RunFacts>> = {}) {
  const record = { digest: "d", lastTime: 10 * minute, queue: [] };
  const known = { rules: { ...rules, ...change }, record, createdAt: 0, runs: [], made: [], now: 13 * minute + 5, ...more };
  const { start, end, remove, record: after, omitted, wake } = decide(known);
  return {
    start: start.map((time) => time / minute),
    end: end.map(({ name }) => name),
    remove: remove.map(({ name }) => name),
    queue: after.queue.map((time) => time / minute),
    lastTime: (after.lastTime ?? Number.NaN) / minute,
    omitted: omitted.map(({ reason, from, to }) => [reason, from / minute, to / minute]),
    wake: wake / minute,
  };
}

const goesOn = { runs: [run(10, "active")] };
const none = { start: [], end: [], remove: [], queue: [], lastTime: 13, omitted: [], wake: 14 };

test.each<[string, Partial<Rules>, Partial<Known<RunFacts>>, object]>([
  ["all that were missed are started", {}, {}, { start: [11, 12, 13] }],
  ["of the missed the latest", { missedRuns: "latest" }, {}, { start: [13], omitted: [["Missed", 11, 12]] }],
  ["of the missed none that is later than a minute", { missedRuns: "skip" }, {}, { start: [13], omitted: [["Missed", 11, 12]] }],
  ["none that is later than its deadline", { deadline: minute + 5 }, {}, { start: [12, 13], omitted: [["Missed", 11, 11]] }],
  ["later by its jitter, each for its own time", { delay: minute }, {}, { start: [11, 12], lastTime: 12, wake: 14 }],
  ["suspended, none, and nothing is dealt with", { isSuspended: true }, {}, { lastTime: 10, wake: Infinity }],
  ["beside one that goes on", {}, goesOn, { start: [11, 12, 13] }],
  ["none beside one that goes on", { concurrency: "Forbid" }, goesOn, { omitted: [["Forbidden", 11, 13]] }],
  ["the first alone where none may be beside it", { concurrency: "Forbid" }, {}, { start: [11], omitted: [["Forbidden", 12, 13]] }],
  [
    "the last in place of one that goes on, once that has ended",
    { concurrency: "Replace" },
    goesOn,
    { end: ["s-10"], queue: [13], omitted: [["Replaced", 11, 12]] },
  ],
  [
    "one that is ending is ended once",
    { concurrency: "Replace" },
    { runs: [run(10, "active", true)] },
    { queue: [13], omitted: [["Replaced", 11, 12]] },
  ],
  ["one after the other", { concurrency: "Queue" }, {}, { start: [11], queue: [12, 13] }],
  ["all behind one that goes on", { concurrency: "Queue" }, goesOn, { queue: [11, 12, 13] }],
  [
    "none that was made before a crash, or before it was written",
    {},
    { runs: [run(11, "succeeded")], made: [12 * minute] },
    { start: [13] },
  ],
  ["another timing counts from now on", { digest: "e" }, {}, { lastTime: 13 + 5 / minute }],
])("%s", (_, change, more, expected) => {
  expect(decided(change, more)).toEqual({ ...none, ...expected });
});

test("ended runs beyond those that are kept are removed, but none whose time isn't written yet", () => {
  const runs = [run(8, "succeeded"), run(9, "failed"), run(10, "succeeded"), run(11, "failed"), run(12, "failed"), run(13, "failed")];
  expect(decided({}, { runs })).toMatchObject({ remove: ["s-9", "s-8"], start: [] });
});

test("a queue that no longer can keep up leaves out the rest, and says so", () => {
  const queue = Array.from({ length: 1_000 }, (_, index) => (index - 1_000) * minute);
  const record = { digest: "d", lastTime: 10 * minute, queue };
  const after = decided({ concurrency: "Queue" }, { ...goesOn, record });
  expect(after.queue).toHaveLength(1_000);
  expect(after.omitted).toEqual([["QueueFull", 11, 13]]);
});

test("where one can't be started for now, it and those behind it wait", () => {
  const decision = decide({
    rules,
    record: { digest: "d", lastTime: 10 * minute, queue: [] },
    createdAt: 0,
    runs: [],
    made: [],
    now: 13 * minute,
  });
  expect(unstarted(decision, 12 * minute)).toEqual({ digest: "d", lastTime: 13 * minute, queue: [12 * minute, 13 * minute] });
});
