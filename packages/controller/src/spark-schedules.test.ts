import { expect, test } from "vitest";
import { sparkSchedules } from "./spark-schedules.ts";

const minute = 60_000;
const start = Date.parse("2027-01-01T00:00:00Z");

function timing(cron: string, timeZone?: string) {
  const found = sparkSchedules.timingOf({ cron, timeZone });
  if ("problems" in found) throw new Error(JSON.stringify(found.problems));
  return found.timing;
}

const run = { namespace: "n", name: "r", uid: "u", time: start, isEnding: false };

const plan = {
  timing: timing("*/5 * * * *"),
  isSuspended: false,
  concurrency: "Allow" as const,
  history: { succeeded: 1, failed: 1 },
  lastTime: start,
  runs: [],
  now: start + 12 * minute,
};

test("of the times that were missed, the latest is run, and the next one is waited for", () => {
  const { start: due, wake, lastTime } = sparkSchedules.decide(plan);
  expect(due).toEqual([start + 10 * minute]);
  expect([wake, lastTime]).toEqual([start + 15 * minute, start + 10 * minute]);
});

test("a run that goes on keeps another back, or is ended for it", () => {
  const runs = [{ ...run, phase: "active" as const }];
  expect(sparkSchedules.decide({ ...plan, concurrency: "Forbid", runs })).toMatchObject({
    start: [],
    end: [],
    lastTime: start + 10 * minute,
  });
  const replacing = sparkSchedules.decide({ ...plan, concurrency: "Replace", runs });
  expect(replacing).toMatchObject({ start: [], end: [run] });
  expect(sparkSchedules.decide({ ...plan, concurrency: "Replace", lastTime: replacing.lastTime })).toMatchObject({
    start: [start + 10 * minute],
    lastTime: start + 10 * minute,
  });
});

test("a suspended schedule runs nothing", () => {
  expect(sparkSchedules.decide({ ...plan, isSuspended: true })).toMatchObject({ start: [], wake: Infinity });
});

test("a time zone and a macro are taken, and what is wrong is named where it stands", () => {
  expect(timing("0 12 * * *", "Europe/Zurich").next(start)).toBe(Date.parse("2027-01-01T11:00:00Z"));
  expect(timing("@every 90m").next(start)).toBeGreaterThan(start);
  expect(sparkSchedules.timingOf({ cron: "61 * * * *" })).toMatchObject({ problems: [{ path: ["spec", "schedule"] }] });
  expect(sparkSchedules.timingOf({ cron: "* * * * *", timeZone: "Nowhere" })).toMatchObject({ problems: [{ path: ["spec", "timeZone"] }] });
});
