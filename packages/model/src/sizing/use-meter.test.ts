import { expect, test } from "vitest";
import { UseMeter } from "./use-meter.ts";

test("a pod's use is its most memory and its mean CPU, and the same sample counts once", () => {
  const meter = new UseMeter();
  expect(meter.of("a")).toBeUndefined();
  const taken = [
    { at: 15_000, cpu: 100, memory: 50 },
    { at: 15_000, cpu: 100, memory: 50 },
    { at: 30_000, cpu: 300, memory: 40 },
    { at: 20_000, cpu: 900, memory: 900 },
  ].map((sample) => meter.sample("a", sample));
  expect(taken).toEqual([true, false, true, false]);
  expect(meter.of("a")).toEqual({ cpu: 200, memory: 50 });
});

test("what is gone is forgotten after a while, what is there stays known however long it wasn't seen", () => {
  const meter = new UseMeter();
  for (const uid of ["gone", "there", "late"]) meter.sample(uid, { at: uid === "late" ? 100 : 10, cpu: 1, memory: 1 });
  meter.forget(50, (uid) => uid === "there");
  expect(["gone", "there", "late"].map((uid) => meter.of(uid) !== undefined)).toEqual([false, true, true]);
});
