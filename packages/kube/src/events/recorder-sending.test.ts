import * as fc from "fast-check";
import { expect, test } from "vitest";
import { minute, occurrence, recorderTrial, second } from "../../testing/recorder-trial.ts";

test("an event whose creation was not answered is no second one", async () => {
  const { clock, server, record, calls, told } = recorderTrial();
  server.faults = ["lost"];
  record();
  await clock.advance(0);
  record();
  await clock.advance(2 * second);
  expect(calls().map(([, method, count]) => [method, count])).toEqual([
    ["POST", 1],
    ["POST", 2],
    ["PATCH", 2],
  ]);
  expect([...server.counts.values()]).toEqual([2]);
  expect(told()).toEqual({ sent: 2, failed: 0, dropped: 0 });
});

test("four requests are made at once", async () => {
  const { clock, server, record } = recorderTrial({ takes: 10 });
  for (let n = 0; n < 9; n++) record({ name: `run-${n}` });
  await clock.advance(30);
  expect(server.events.size).toBe(9);
  expect(server.most).toBe(4);
});

test.each([403, 404, 422])("what is refused by a %i is dropped, and told once", async (code) => {
  const { clock, server, errors, record, calls, told } = recorderTrial();
  server.faults = [code, code];
  for (const name of ["run-1", "run-2"]) record({ name });
  await clock.advance(60 * minute);
  expect(calls()).toHaveLength(2);
  expect(errors).toEqual([expect.objectContaining({ code })]);
  expect(told()).toEqual({ sent: 0, failed: 2, dropped: 0 });
  record();
  await clock.advance(0);
  expect(told()).toEqual({ sent: 1, failed: 2, dropped: 0 });
});

test("refusals of other kinds, and of other namespaces, are each told", async () => {
  const { clock, server, errors, recorder, record } = recorderTrial();
  server.faults = [403, 403, 422, 403];
  record();
  recorder.record({ ...occurrence({}), regarding: { ...occurrence({}).regarding, namespace: "other" } });
  record({ name: "run-2" });
  record({ name: "run-3" });
  await clock.advance(0);
  expect(errors).toEqual([403, 403, 422].map((code) => expect.objectContaining({ code })));
});

test.each([429, 500, 503])("what fails by a %i is tried again, eight times in all over two minutes", async (fault) => {
  const { clock, server, errors, record, calls, told } = recorderTrial({ random: () => 0 });
  server.faults = [fault, fault];
  record();
  await clock.advance(60 * minute);
  expect(
    calls()
      .slice(0, 3)
      .map(([at]) => at),
  ).toEqual([0, 1, 3]);
  expect(server.events.size).toBe(1);
  expect(errors).toEqual([]);

  server.calls.length = 0;
  server.expire();
  server.faults = Array.from({ length: 8 }, () => 500);
  record();
  await clock.advance(60 * minute);
  expect(calls().map(([at]) => Number(at) - 3_600)).toEqual([0, 1, 3, 7, 15, 31, 63, 127]);
  expect(errors).toHaveLength(1);
  expect(told()).toEqual({ sent: 1, failed: 1, dropped: 0 });
});

test("the attempts of one request are not counted for the next", async () => {
  const { clock, server, record, told } = recorderTrial();
  for (let n = 0; n < 2; n++) {
    server.faults = Array.from({ length: 7 }, () => 500);
    record();
    await clock.advance(5 * minute);
  }
  expect(told()).toEqual({ sent: 2, failed: 0, dropped: 0 });
});

test("what is seen again after a refusal begins anew", async () => {
  const { clock, server, record, told } = recorderTrial();
  server.faults = [403];
  for (let n = 0; n < 2; n++) {
    record();
    await clock.advance(0);
  }
  expect(told()).toEqual({ sent: 1, failed: 1, dropped: 0 });
});

test("what was recorded before it ran is sent when it runs", async () => {
  const { clock, recorder, record, told } = recorderTrial({ running: false });
  record();
  await clock.advance(minute);
  expect(told().sent).toBe(0);
  const stop = new AbortController();
  const ran = recorder.run(stop.signal);
  await clock.advance(0);
  expect(told().sent).toBe(1);
  stop.abort();
  await ran;
});

test("at the end everything counted is sent, with what waits for another attempt, and no timer is left", async () => {
  const { clock, server, recorder, record, told, stop } = recorderTrial({ takes: 10 });
  server.faults = [503];
  for (const name of ["run-1", "run-2"]) record({ name });
  await clock.advance(10);
  for (let n = 0; n < 5; n++) record({ name: "run-2" });
  await clock.advance(20);
  record({ name: "run-2" });
  expect(told().sent).toBe(2);
  await stop();
  const flushed = recorder.flush(second);
  await clock.advance(10);
  await flushed;
  expect(told()).toEqual({ sent: 8, failed: 0, dropped: 0 });
  expect(clock.sleepers).toBe(0);
});

test("repetitions while it flushes are sent, too", async () => {
  const { clock, recorder, record, told, stop } = recorderTrial({ takes: 10 });
  await stop();
  record();
  record();
  const flushed = recorder.flush(second);
  for (let n = 0; n < 3; n++) record();
  await clock.advance(20);
  await flushed;
  expect(told()).toEqual({ sent: 5, failed: 0, dropped: 0 });
});

test("a flush takes no longer than it may, and what it cut off can be sent yet", async () => {
  const { clock, server, recorder, record, told, stop } = recorderTrial({ takes: minute });
  record();
  await stop();
  const flushed = recorder.flush(second);
  await clock.advance(second);
  await flushed;
  expect(told()).toEqual({ sent: 0, failed: 0, dropped: 0 });
  expect(clock.sleepers).toBe(0);
  const again = recorder.flush(2 * minute);
  await clock.advance(minute);
  await again;
  expect(server.events.size).toBe(1);
  expect(told()).toEqual({ sent: 1, failed: 0, dropped: 0 });
});

test("a flush of nothing ends at once", async () => {
  const { clock, recorder } = recorderTrial({ running: false });
  await recorder.flush(minute);
  expect(clock.slept).toEqual([]);
});

test("no occurrence is lost: the counts told are those recorded, less what was dropped or refused", async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ record: fc.nat({ max: 1 }), reason: fc.nat({ max: 2 }), times: fc.integer({ min: 1, max: 4 }) }) },
    { weight: 3, arbitrary: fc.record({ pass: fc.constantFrom(0, 5, 10, second, minute, 4 * minute, 7 * minute) }) },
    { weight: 1, arbitrary: fc.record({ others: fc.nat({ max: 30 }) }) },
    { weight: 2, arbitrary: fc.record({ fault: fc.constantFrom(403, 429, 500) }) },
    { weight: 1, arbitrary: fc.record({ expire: fc.constant(true) }) },
    { weight: 1, arbitrary: fc.record({ flush: fc.constantFrom(0, 5, 20, minute) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
      const { clock, server, recorder, record, told, stop } = recorderTrial({ takes: 10 });
      let recorded = 0;
      let others = 0;
      const flushed: Promise<void>[] = [];
      for (const step of steps) {
        if ("record" in step) {
          for (let n = 0; n < step.times; n++) record({ name: `run-${step.record}`, reason: `R${step.reason}` });
          recorded += step.times;
        }
        if ("others" in step) {
          for (let n = 0; n < step.others; n++) record({ reason: `Other${others++}` });
          recorded += step.others;
        }
        if ("pass" in step) await clock.advance(step.pass);
        if ("fault" in step) server.faults.push(step.fault);
        if ("expire" in step) server.expire();
        if ("flush" in step) flushed.push(recorder.flush(step.flush));
      }
      await stop();
      flushed.push(recorder.flush(60 * minute));
      await clock.advance(60 * minute);
      await Promise.all(flushed);
      const { sent, failed, dropped } = told();
      expect(sent + failed + dropped).toBe(recorded);
      expect([...server.counts.values()].reduce((sum, count) => sum + count, 0)).toBe(sent);
    }),
    { numRuns: 300 },
  );
});
