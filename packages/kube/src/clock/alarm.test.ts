import { expect, test } from "vitest";
import { FakeClock } from "../../testing/fake-clock.ts";
import { Alarm } from "./alarm.ts";

function set() {
  const clock = new FakeClock();
  const rung: number[] = [];
  return { clock, rung, alarm: new Alarm(clock, () => rung.push(clock.now())) };
}

test("it rings once, at the earliest moment that it was set to", async () => {
  const { clock, rung, alarm } = set();
  for (const at of [50, 20, 30]) alarm.set(at);
  expect(clock.sleepers).toBe(1);
  await clock.advance(100);
  expect(rung).toEqual([20]);
  alarm.set(Infinity);
  expect(clock.sleepers).toBe(0);
  alarm.set(90);
  await clock.advance(0);
  expect(rung).toEqual([20, 100]);
});

test("cleared, it doesn't ring, not even when its time has just come", async () => {
  const { clock, rung, alarm } = set();
  const slept = Promise.withResolvers<void>();
  clock.sleep = () => slept.promise;
  alarm.set(20);
  slept.resolve();
  alarm.clear();
  await clock.advance(40);
  expect(rung).toEqual([]);
});

test("it never rings before a moment between two milliseconds", async () => {
  const { clock, rung, alarm } = set();
  alarm.set(10.25);
  await clock.advance(100);
  expect(rung).toEqual([11]);
});
