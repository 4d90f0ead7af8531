import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Sizing, UsageHistory } from "./history.ts";
import { vpaSettings } from "./settings.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.UTC(2026, 0, 1);
const sizing = new Sizing(vpaSettings);

describe("a sample that makes no sense changes nothing", () => {
  const now = start + 9 * day;
  const known = (): UsageHistory => {
    const history = new UsageHistory(sizing);
    for (let at = start + 8 * day; at <= now; at += 10 * minute) history.sample("a", at, { cpu: 300, memory: 5e8 }, at);
    return history;
  };

  test.each([
    ["no usage at all", "Invalid", now + minute, undefined],
    ["CPU that is missing", "Invalid", now + minute, { memory: 5e8 }],
    ["memory that is no number", "Invalid", now + minute, { cpu: 300, memory: NaN }],
    ["CPU without end", "Invalid", now + minute, { cpu: Infinity, memory: 5e8 }],
    ["memory below nothing", "Invalid", now + minute, { cpu: 300, memory: -1 }],
    ["a time that is none", "Invalid", NaN, { cpu: 300, memory: 5e8 }],
    ["more cores than there can be", "Implausible", now + minute, { cpu: 2e6, memory: 5e8 }],
    ["more memory than there can be", "Implausible", now + minute, { cpu: 300, memory: 2e12 }],
    ["a time that is still to come", "Future", now + 5 * minute, { cpu: 300, memory: 5e8 }],
    ["a time before all history", "TooOld", 0, { cpu: 300, memory: 5e8 }],
    ["the same time again", "Stale", now, { cpu: 900, memory: 9e8 }],
    ["a clock that went back", "Stale", now - 60 * minute, { cpu: 900, memory: 9e8 }],
    ["CPU that jumps", "Jump", now + minute, { cpu: 90_000, memory: 5e8 }],
    ["memory that jumps", "Jump", now + minute, { cpu: 300, memory: 9e10 }],
  ] as const)("%s: %s", (_, reason, at, usage) => {
    const history = known();
    expect(history.sample("a", at, usage, now + minute)).toBe(reason);
    expect(history.write()).toEqual(known().write());
    expect(history.sample("a", now + 2 * minute, { cpu: 300, memory: 5e8 }, now + 2 * minute)).toBeUndefined();
  });

  test("whatever it is: no estimate changes by it unless it is taken in, and none is no number", () => {
    const odd = fc.oneof(fc.double(), fc.constantFrom(undefined as unknown as number, -1, 1e18));
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.oneof(fc.double(), fc.integer({ min: start, max: now + day })), cpu: odd, memory: odd })),
        (all) => {
          const history = known();
          for (const { at, cpu, memory } of all) {
            const before = history.write();
            if (history.sample("a", at, { cpu, memory }, now + minute) !== undefined) expect(history.write()).toEqual(before);
            const { cpu: ours, memory: too } = history.estimate();
            for (const range of [ours, too]) expect(Object.values(range ?? {}).every(Number.isSafeInteger)).toBe(true);
          }
        },
      ),
    );
  });

  test("a jump is believed when the next sample says so, too, and both count", () => {
    const history = known();
    const { samples } = history.estimate();
    expect(history.sample("a", now + minute, { cpu: 300, memory: 9e10 }, now + minute)).toBe("Jump");
    expect(history.sample("a", now + 2 * minute, { cpu: 300, memory: 9.1e10 }, now + 2 * minute)).toBeUndefined();
    expect(history.estimate().samples).toBe(samples + 2);
    expect(history.estimate().memory?.target).toBeGreaterThan(9e10);
  });

  test("a jump is believed when another pod says so, too, however short each lives", () => {
    const history = new UsageHistory(sizing);
    const found = Array.from({ length: 30 }, (_, run) => {
      const at = start + run * 60 * minute;
      const [little, much] = [2e7, 9e8].map((memory, index) =>
        history.sample(`run-${run}`, at + index * minute, { cpu: 100, memory }, at + index * minute),
      );
      return [little, much];
    });
    expect(found.slice(0, 2)).toEqual([
      [undefined, "Jump"],
      [undefined, undefined],
    ]);
    expect(history.estimate()).toMatchObject({ samples: 60 });
    expect(history.estimate().memory?.target).toBeGreaterThan(9e8);
  });

  test("a jump that its pod takes back, or that was before all history, is confirmed by none", () => {
    const history = known();
    const jump = { cpu: 300, memory: 9e10 };
    expect(history.sample("b", now, jump, now)).toBe("Jump");
    expect(history.sample("b", now + minute, { cpu: 300, memory: 5e8 }, now + minute)).toBeUndefined();
    expect(history.sample("c", now + minute, jump, now + minute)).toBe("Jump");
    expect(history.sample("d", now + 9 * day, jump, now + 9 * day)).toBe("Jump");
  });

  test("a jump of all pods at once is confirmed by what is told later, and by nothing else", () => {
    const history = known();
    const jump = { cpu: 300, memory: 9e10 };
    const at = (then: number) => ["b", "c", "d"].map((pod, index) => history.sample(pod, then + index, jump, then + minute));
    expect(at(now)).toEqual(["Jump", "Jump", "Jump"]);
    expect(at(now + minute)).toEqual([undefined, undefined, undefined]);
  });

  test("metrics that are away for an hour change nothing, and then it goes on", () => {
    const [away, there] = [known(), known()];
    const [before, later] = [away.estimate(), now + 60 * minute];
    expect(away.estimate()).toEqual(before);
    expect(away.sample("a", later, { cpu: 300, memory: 5e8 }, later)).toBeUndefined();
    expect({ ...away.estimate(), cpu: away.estimate().cpu?.target }).toMatchObject({
      memory: { target: there.estimate().memory?.target },
      cpu: before.cpu?.target,
    });
  });

  test("what came while a clock was ahead doesn't keep out what comes after it was set right", () => {
    const history = known();
    const ahead = now + 2 * day;
    expect(history.sample("a", ahead, { cpu: 300, memory: 5e8 }, ahead)).toBeUndefined();
    expect(history.sample("a", now + minute, { cpu: 300, memory: 5e8 }, now + minute)).toBeUndefined();
  });
});
