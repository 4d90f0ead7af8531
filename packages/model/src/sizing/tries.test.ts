import { expect, test } from "vitest";
import { vpaSettings } from "./settings.ts";
import { Tries } from "./tries.ts";

const gibi = 1024 ** 3;
const mebi = 1024 ** 2;
const settings = { cpu: { ...vpaSettings.cpu, floor: 10 }, memory: { ...vpaSettings.memory, floor: 16 * mebi } };
const running = (uid: string) => ({ uid, isOver: false });
const over = (uid: string) => ({ uid, isOver: true });

/** As many pods, each seen twice to use that much, and over. */
function pods(count: number, memory: number, tries = new Tries()): Tries {
  for (let index = 0; index < count; index += 1) {
    tries.sample(running(`pod-${index}`), { cpu: 100, memory: memory / 2 }, gibi);
    tries.sample(running(`pod-${index}`), { cpu: 300, memory }, gibi);
    tries.end(() => false);
  }
  return tries;
}

test("of none that was seen nothing is known", () => {
  expect(new Tries().estimate(settings)).toBeUndefined();
});

test("the next one asks for a little more than the peaks of many that were alike, and for the CPU that they used on average", () => {
  const { memory, cpu, confidence } = pods(20, 100 * mebi).estimate(settings) ?? {};
  expect((memory?.target ?? 0) / mebi).toBeCloseTo(110, 3);
  expect(cpu?.target).toBe(230);
  expect(confidence).toBe(100);
});

test("of a single one twice as much may be needed, and little is sure", () => {
  const { memory, confidence } = pods(1, 100 * mebi).estimate(settings) ?? {};
  expect((memory?.target ?? 0) / mebi).toBeCloseTo(220, 3);
  expect(confidence).toBe(5);
});

test("what runs counts for what it has used so far, and once", () => {
  const tries = pods(20, 100 * mebi);
  tries.sample(running("now"), { cpu: 100, memory: 400 * mebi }, gibi);
  expect(tries.estimate(settings)?.memory?.target).toBeGreaterThan(400 * mebi);
  const before = tries.write();
  tries.end((uid) => uid === "now");
  expect(tries.write()).toEqual(before);
  tries.end(() => false);
  // What is told of it yet is of what is over.
  tries.sample(over("now"), { cpu: 100, memory: 400 * mebi }, gibi);
  expect(tries.write()).toMatchObject({ over: { length: 21 }, open: [] });
});

test("one that was killed needs more than it had, and may be started again in its pod", () => {
  const tries = new Tries();
  tries.sample(running("a"), { cpu: 100, memory: 90 * mebi }, 100 * mebi);
  tries.kill("a", 100 * mebi);
  expect(tries.estimate(settings)?.memory?.target).toBe(200 * mebi);
  tries.sample(running("a"), { cpu: 100, memory: 150 * mebi }, 200 * mebi);
  tries.end(() => false);
  expect(tries.estimate(settings)?.memory?.target).toBeGreaterThan(150 * mebi);
});

test("one too short to be measured says nothing, unless it was killed", () => {
  const tries = new Tries();
  tries.end(() => false);
  expect(tries.estimate(settings)).toBeUndefined();
  tries.kill("a", 64 * mebi);
  expect(tries.estimate(settings)).toMatchObject({ memory: { target: 128 * mebi }, confidence: 0 });
});

test("what is written is read again, what runs with it, and is never more than the last fifty", () => {
  const tries = pods(60, 100 * mebi);
  tries.sample(running("now"), { cpu: 100, memory: 200 * mebi }, gibi);
  const written = JSON.parse(JSON.stringify(tries.write())) as ReturnType<Tries["write"]>;
  expect(written.over).toHaveLength(50);
  const again = new Tries(written);
  expect(again.estimate(settings)).toEqual(tries.estimate(settings));
  again.end(() => false);
  expect(again.write()).toMatchObject({ over: { length: 50 }, open: [] });
});
