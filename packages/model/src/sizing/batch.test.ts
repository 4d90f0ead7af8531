import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { afterKill, nextTry, type StepBounds, type StepTry } from "./batch.ts";

const mebi = 1024 ** 2;
const bounds: StepBounds = { cpu: { min: 50, max: 4_000 }, memory: { min: 16 * mebi, max: 8_192 * mebi } };
const ran = (memory: number, more: Partial<StepTry> = {}): StepTry => ({ memory, limit: 8_192 * mebi, wasKilled: false, ...more });

describe("the next try of a step", () => {
  test("asks for all it may have as long as nothing is known", () => {
    expect(nextTry([], bounds)).toEqual({ memory: 8_192 * mebi, basis: "Nothing" });
  });

  test("asks for little more than what it has always taken", () => {
    const { memory, cpu, basis } = nextTry(
      [100, 101, 99, 100, 102].map((amount) => ran(amount * mebi, { cpu: 700 })),
      bounds,
    );
    expect(basis).toBe("Measured");
    expect(memory / mebi).toBeGreaterThan(110);
    expect(memory / mebi).toBeLessThan(120);
    expect(cpu).toBe(805);
  });

  test("asks for what goes with its size", () => {
    const tries = [1, 2, 3, 4, 5, 6].map((size) => ran((50 + 100 * size) * mebi, { size }));
    expect(nextTry(tries, bounds, 20).memory / mebi).toBeCloseTo(2_050 * 1.1, 0);
    expect(nextTry(tries, bounds, 1).memory / mebi).toBeCloseTo(150 * 1.1, 0);
    // Of a size that nobody says, by what all took.
    expect(nextTry(tries, bounds).memory / mebi).toBeGreaterThan(650);
  });

  test("goes down by halves where it is over before anything is measured, and no more once that was too little", () => {
    const tries: StepTry[] = [];
    const limits: number[] = [];
    for (let run = 0; run < 8; run++) {
      let { memory: limit } = nextTry(tries, bounds);
      limits.push(limit / mebi);
      while (limit < 700 * mebi) {
        tries.push({ limit, wasKilled: true });
        limit = afterKill(limit, bounds) ?? NaN;
      }
      tries.push({ limit, wasKilled: false });
    }
    expect(limits).toEqual([8_192, 4_096, 2_048, 1_024, 512, 1_024, 1_024, 1_024]);
  });

  test("is within its bounds, no less than what was seen, and no less than with which it was killed", () => {
    const tries = fc.array(
      fc.record(
        {
          memory: fc.integer({ min: 0, max: 16_384 * mebi }),
          cpu: fc.integer({ min: 0, max: 64_000 }),
          limit: fc.integer({ min: mebi, max: 8_192 * mebi }),
          wasKilled: fc.boolean(),
          size: fc.integer({ min: 0, max: 1e9 }),
        },
        { requiredKeys: ["limit", "wasKilled"] },
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(tries, fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }), (all, size) => {
        const { memory, cpu = 50 } = nextTry(all, bounds, size);
        expect(memory).toBeGreaterThanOrEqual(bounds.memory.min);
        expect(memory).toBeLessThanOrEqual(bounds.memory.max);
        expect(cpu).toBeGreaterThanOrEqual(bounds.cpu.min);
        expect(cpu).toBeLessThanOrEqual(bounds.cpu.max);
        if (size !== undefined) return;
        const most = Math.max(0, ...all.map((one) => Math.max(one.memory ?? 0, one.wasKilled ? one.limit : 0)));
        expect(memory).toBeGreaterThanOrEqual(Math.min(bounds.memory.max, most));
      }),
    );
  });

  test("gives up when a step is killed with all that it may have", () => {
    expect(afterKill(512 * mebi, bounds)).toBe(1_024 * mebi);
    expect(afterKill(5_000 * mebi, bounds)).toBe(8_192 * mebi);
    expect(afterKill(8_192 * mebi, bounds)).toBeUndefined();
  });
});
