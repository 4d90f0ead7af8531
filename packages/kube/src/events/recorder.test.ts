import { expect, onTestFinished, test, vi } from "vitest";
import { minute, occurrence, recorderTrial, second } from "../../testing/recorder-trial.ts";
import type { Occurrence } from "./event.ts";

test("an event says what happened, to what, when, and who tells it", async () => {
  const { clock, server, recorder } = recorderTrial({ random: () => 0.5, instance: "i".repeat(200) });
  const pod = { apiVersion: "v1", kind: "Pod", namespace: "team", name: "p", uid: "u", fieldPath: "spec.containers{main}" };
  recorder.record({ ...occurrence({ note: "ü".repeat(600), reason: "R".repeat(200) }), related: pod });
  await clock.advance(0);
  expect([...server.events]).toEqual([
    [
      "/apis/events.k8s.io/v1/namespaces/team/events/run-1.19f1d8ce20080000000",
      {
        apiVersion: "events.k8s.io/v1",
        kind: "Event",
        metadata: { namespace: "team", name: "run-1.19f1d8ce20080000000" },
        eventTime: "2026-07-01T12:00:00.000000Z",
        reportingController: "plimsoll.dev/pipelines",
        reportingInstance: `${"i".repeat(125)}…`,
        type: "Warning",
        reason: `${"R".repeat(125)}…`,
        action: "Retrying",
        note: `${"ü".repeat(510)}…`,
        regarding: occurrence({}).regarding,
        related: pod,
      },
    ],
  ]);
});

test("an event of an object without a namespace is in the namespace default", async () => {
  const { clock, server, recorder } = recorderTrial();
  recorder.record({ ...occurrence({}), regarding: { apiVersion: "v1", kind: "Node", name: "n", uid: "u" } });
  await clock.advance(0);
  expect(server.calls).toMatchObject([{ path: "/apis/events.k8s.io/v1/namespaces/default/events" }]);
  expect([...server.events.values()]).toMatchObject([{ regarding: { name: "n" } }]);
});

test("what happens again is told at once the first time, then every five minutes, and at last when it is over", async () => {
  const { clock, server, record, calls, told } = recorderTrial();
  for (let n = 0; n < 16; n++) {
    record();
    await clock.advance(30 * second);
  }
  await clock.advance(60 * minute);
  expect(calls()).toEqual([
    [0, "POST", 1],
    [30, "PATCH", 2],
    [330, "PATCH", 11],
    [450 + 180, "PATCH", 16],
  ]);
  expect([...server.events.values()]).toMatchObject([
    { eventTime: "2026-07-01T12:00:00.000000Z", series: { count: 16, lastObservedTime: "2026-07-01T12:07:30.000000Z" } },
  ]);
  record();
  await clock.advance(0);
  expect(calls().at(-1)).toEqual([4_080, "POST", 1]);
  expect(told()).toEqual({ sent: 17, failed: 0, dropped: 0 });
});

test("a series goes on for as long as it is seen again within six minutes", async () => {
  const { clock, record, calls } = recorderTrial();
  for (const pause of [6 * minute - 1, 6 * minute - 1, 6 * minute, 0]) {
    record();
    await clock.advance(pause);
  }
  expect(calls().map(([, method, count]) => [method, count])).toEqual([
    ["POST", 1],
    ["PATCH", 2],
    ["PATCH", 3],
    ["POST", 1],
  ]);
});

test("occurrences are the same whatever their note and the object's version, and not when anything else differs", async () => {
  const { clock, server, recorder } = recorderTrial();
  const base = occurrence({});
  const { regarding } = base;
  const same: Occurrence[] = [base, { ...base, note: "other" }, { ...base, regarding: { ...regarding, resourceVersion: "7" } }];
  const others: Occurrence[] = [
    { ...base, type: "Normal" },
    { ...base, reason: "Other" },
    { ...base, action: "Other" },
    { ...base, related: regarding },
    { ...base, related: { ...regarding, fieldPath: "spec" } },
    { ...base, regarding: { ...regarding, fieldPath: "spec" } },
    { ...base, regarding: { ...regarding, uid: "other" } },
    { ...base, regarding: { ...regarding, namespace: "other" } },
  ];
  for (const occurrence of [...same, ...others]) recorder.record(occurrence);
  await clock.advance(0);
  expect([...server.counts.values()].toSorted()).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 3]);
});

test("what happened several times before it could be told is created with its count", async () => {
  const { clock, record, calls, recorder } = recorderTrial({ running: false });
  record();
  record();
  const flushed = recorder.flush(second);
  await clock.advance(0);
  await flushed;
  expect(calls()).toEqual([[0, "POST", 2]]);
});

test("a series whose event has expired is created anew, under its name", async () => {
  const { clock, server, record, calls } = recorderTrial();
  record();
  await clock.advance(minute);
  server.expire();
  record();
  await clock.advance(0);
  expect(calls()).toEqual([
    [0, "POST", 1],
    [60, "PATCH", 2],
    [60, "POST", 2],
  ]);
  expect(server.counts.size).toBe(1);
  expect([...server.events.values()]).toMatchObject([{ series: { count: 2 }, reason: "StepFailed" }]);
});

test("of one object there are 25 new events at once, then one each five minutes; repetitions are counted all the same", async () => {
  const { clock, server, record, told } = recorderTrial();
  for (let n = 0; n < 30; n++) record({ reason: `R${n}` });
  record({ name: "run-2" });
  record({ reason: "R0" });
  await clock.advance(5 * minute);
  expect(server.events.size).toBe(26);
  for (let n = 0; n < 3; n++) record({ reason: `S${n}` });
  await clock.advance(0);
  expect(server.events.size).toBe(27);
  expect(told()).toEqual({ sent: 28, failed: 0, dropped: 7 });
});

test("what happens to parts of an object leaves room for what happens to the whole", async () => {
  const { clock, server, record } = recorderTrial();
  for (let n = 0; n < 30; n++) record({ fieldPath: `status.steps{s${n}}` });
  for (let n = 0; n < 20; n++) record({ reason: `R${n}` });
  await clock.advance(0);
  const parts = [...server.events.values()].filter(({ regarding }) => regarding?.fieldPath !== undefined);
  expect([parts.length, server.events.size]).toEqual([15, 25]);
});

test("new events are dropped while a thousand wait, and those known are counted", async () => {
  const { clock, server, recorder, record, told } = recorderTrial({ running: false });
  for (let n = 0; n < 1_001; n++) record({ name: `run-${n}` });
  record({ name: "run-0" });
  expect(told()).toEqual({ sent: 0, failed: 0, dropped: 1 });
  const flushed = recorder.flush(minute);
  await clock.advance(0);
  await flushed;
  expect(server.events.size).toBe(1_000);
  expect(told()).toEqual({ sent: 1_001, failed: 0, dropped: 1 });
});

test("of the series that make way for others, no count is lost, and the longest unseen go first", async () => {
  const { clock, server, record, told } = recorderTrial();
  for (const count of [1, 2, 3, 4]) {
    record({ name: "seen-early" });
    await clock.advance(0);
    expect(told().sent).toBe(Math.min(count, 2));
  }
  record({ name: "seen-late" });
  for (let n = 0; n < 4_095; n++) {
    record({ name: `run-${n}` });
    if (n % 500 === 0) await clock.advance(0);
    if (n === 2_000) record({ name: "seen-late" });
  }
  await clock.advance(0);
  expect(told()).toEqual({ sent: 4_101, failed: 0, dropped: 0 });
  for (const name of ["seen-early", "seen-late"]) record({ name });
  await clock.advance(minute * 5);
  expect([...server.counts].filter(([path]) => path.includes("seen")).map(([, count]) => count)).toEqual([4, 3, 1]);
});

test("a series is over in time, also where nothing runs", async () => {
  const { clock, server, recorder, record } = recorderTrial({ running: false });
  for (let n = 0; n < 2; n++) {
    record();
    const flushed = recorder.flush(second);
    await clock.advance(6 * minute);
    await flushed;
  }
  expect([...server.counts.values()]).toEqual([1, 1]);
});

test("an event elsewhere than in the given namespaces is dropped, and told once", async () => {
  const { clock, server, errors, recorder, record, told } = recorderTrial({ namespaces: ["team", "crew"] });
  record();
  for (const name of ["a", "b"]) recorder.record({ ...occurrence({}), regarding: { apiVersion: "v1", kind: "Node", name, uid: name } });
  await clock.advance(0);
  expect(server.events.size).toBe(1);
  expect(errors).toEqual([new Error('no events are recorded in the namespace "default", which is not among those given: team, crew')]);
  expect(told()).toEqual({ sent: 1, failed: 0, dropped: 2 });
});

test("recording never throws, whatever it is given and whoever is told of errors", () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  const broken = new Error("the listener is broken");
  const { recorder } = recorderTrial({
    onError: () => {
      throw broken;
    },
  });
  recorder.record(JSON.parse("{}"));
  expect(log).toHaveBeenCalledWith(broken);
  expect(recorder.dropped).toBe(1);
});
