import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Checkpoint } from "./checkpoint.ts";
import { Sizing, UsageHistory } from "./history.ts";
import { closeSettings, vpaSettings } from "./settings.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.UTC(2026, 0, 1);
/** After all that is sampled here. */
const later = start + 100 * day;
const sizing = new Sizing(vpaSettings);
const close = new Sizing({ ...closeSettings, jump: { ...vpaSettings.jump, ratio: Infinity } });
const believing = new Sizing({ ...vpaSettings, jump: { ...vpaSettings.jump, ratio: Infinity } });

interface Seen {
  instance: string;
  at: number;
  cpu: number;
  memory: number;
}

const amounts = { cpu: fc.integer({ min: 0, max: 500_000 }), memory: fc.integer({ min: 0, max: 5e11 }) };
/** One after the other, over up to 16 days. */
const traces = fc
  .array(fc.record({ instance: fc.constantFrom("a", "b", "c"), gap: fc.integer({ min: 1, max: day }), ...amounts }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((all) => {
    let at = start;
    return all.map(({ gap, ...one }): Seen => ({ ...one, at: (at += gap) }));
  });
const kills = fc.array(fc.record({ after: fc.nat(60), had: fc.integer({ min: 0, max: 1e11 }) }), { maxLength: 4 });

function historyOf(trace: readonly Seen[], killed: readonly { after: number; had: number }[] = [], by = believing): UsageHistory {
  const history = new UsageHistory(by);
  for (const [index, { instance, at, cpu, memory }] of trace.entries()) {
    expect(history.sample(instance, at, { cpu, memory }, at)).toBeUndefined();
    for (const { after, had } of killed) if (after === index) history.oom(instance, at, had, at);
  }
  return history;
}

const base64 = (weights: number[]): string => Buffer.from(Float64Array.from(weights).buffer).toString("base64");

/** Sums of the same in another order differ by their last digits. */
function nearOf(histogram: Checkpoint["cpu"]): object {
  const { weights = "", total = 0, ...rest } = histogram ?? {};
  const read = new Float64Array(Uint8Array.from(Buffer.from(weights, "base64")).buffer);
  return { ...rest, weights: Array.from(read, (weight) => weight.toPrecision(9)), total: total.toPrecision(9) };
}

describe("what is estimated", () => {
  test("is nothing without a sample and a kill", () => {
    expect(new UsageHistory(sizing).estimate()).toEqual({ none: "NoSamples", confidence: 0, samples: 0, ooms: 0 });
  });

  test("has bounds that contain the target, and nothing below the floor", () => {
    fc.assert(
      fc.property(traces, kills, fc.constantFrom(believing, close), (trace, killed, by) => {
        const { cpu, memory } = historyOf(trace, killed, by).estimate();
        for (const [range, { floor }] of [
          [cpu, by.given.cpu],
          [memory, by.given.memory],
        ] as const) {
          expect(range?.lower).toBeGreaterThanOrEqual(floor);
          expect(range?.target).toBeGreaterThanOrEqual(range?.lower ?? NaN);
          expect(range?.upper).toBeGreaterThanOrEqual(range?.target ?? NaN);
        }
      }),
    );
  });

  test("is no less for a higher percentile", () => {
    fc.assert(
      fc.property(
        traces,
        kills,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (trace, killed, one, other) => {
          const [lower, target] = [Math.min(one, other), Math.max(one, other)];
          const percentile = { lower, target, upper: 1 };
          const settings = {
            ...vpaSettings,
            cpu: { ...vpaSettings.cpu, percentile },
            memory: { ...vpaSettings.memory, percentile },
          };
          const history = UsageHistory.read(historyOf(trace, killed).write(), new Sizing(settings), later);
          const { cpu, memory } = history?.estimate() ?? {};
          for (const range of [cpu, memory]) {
            expect(range?.lower).toBeLessThanOrEqual(range?.target ?? NaN);
            expect(range?.target).toBeLessThanOrEqual(range?.upper ?? NaN);
          }
        },
      ),
    );
  });

  test("is the same in whatever order the samples of several instances come within a window", () => {
    const within = fc.array(fc.record({ instance: fc.constantFrom("a", "b", "c"), ...amounts }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(within, fc.infiniteStream(fc.nat(100)), (all, order) => {
        const trace = all.map((one, index): Seen => ({ ...one, at: start + index * minute }));
        // Each instance's own stay in order: an older one than its last is none.
        const ranks = new Map(["a", "b", "c"].map((instance) => [instance, order.next().value ?? 0]));
        const mixed = trace.toSorted((a, b) => (ranks.get(a.instance) ?? 0) - (ranks.get(b.instance) ?? 0) || a.at - b.at);
        const [one, other] = [historyOf(trace).write(), historyOf(mixed).write()];
        expect({ ...other, cpu: nearOf(other.cpu), window: { ...other.window, end: 0 } }).toEqual({
          ...one,
          cpu: nearOf(one.cpu),
          window: { ...one.window, end: 0 },
        });
      }),
    );
  });

  test("forgets: what was seen before counts half as much for each half-life", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 150 }), (times, days) => {
        const history = new UsageHistory(believing);
        // So many old samples of much, then enough new ones of little that the old are less than a tenth of all: their weight tells how many.
        for (let index = 0; index < times; index++) history.sample("a", start + index, { cpu: 10_000, memory: 1 }, start + index);
        const later = start + days * day;
        const enough = Math.floor((9 * times) / 2 ** days) + 1;
        for (let index = 0; index < enough; index++)
          history.sample("a", later + 1_000 + index, { cpu: 100, memory: 1 }, later + 1_000 + index);
        expect(history.estimate().cpu?.target).toBeLessThan(200);
        const [fewer, same] = [new UsageHistory(believing), Math.ceil((9 * times) / 2 ** days) - 1];
        for (let index = 0; index < times; index++) fewer.sample("a", start + index, { cpu: 10_000, memory: 1 }, start + index);
        for (let index = 0; index < same; index++) fewer.sample("a", later + index, { cpu: 100, memory: 1 }, later + index);
        if (same > 0) expect(fewer.estimate().cpu?.target).toBeGreaterThan(200);
      }),
    );
  });

  test("has its confidence in whole percent of the eight days, and no more for many samples at once", () => {
    const history = new UsageHistory(sizing);
    for (let index = 0; index < 1_000; index++) history.sample(`pod-${index}`, start + index, { cpu: 100, memory: 1e8 }, start + index);
    expect(history.estimate().confidence).toBe(0);
    for (let index = 1; index <= 8 * 24 * 60; index++)
      history.sample("a", start + index * minute, { cpu: 100, memory: 1e8 }, start + index * minute);
    expect(history.estimate()).toMatchObject({ confidence: 100, samples: 1_000 + 8 * 24 * 60, since: start });
  });

  test("is more by the larger of 100 MiB and a fifth after a kill, also of a container that was never seen", () => {
    const history = new UsageHistory(sizing);
    expect(history.oom("a", start, 2 ** 30, start)).toBeUndefined();
    // 1.2 GiB's bucket ends at 1,352,317,511: 15 % on top. Of the CPU, nothing is known.
    expect(history.estimate()).toMatchObject({ memory: { target: 1_555_165_137 }, confidence: 0, samples: 0, ooms: 1, oomAt: start });
    expect(history.estimate().cpu).toBeUndefined();
    expect(history.oom("a", start, 2 ** 30, start)).toBe("Stale");
    expect(history.estimate().ooms).toBe(1);
  });
});

test("a failed pod's kill counts once, however long the pod stays", () => {
  const history = new UsageHistory(sizing);
  expect(history.oom("failed", start, 2 ** 30, start)).toBeUndefined();
  for (let now = start + minute; now < start + 20 * day; now += 60 * minute) {
    history.sample("other", now, { cpu: 100, memory: 1e8 }, now);
    expect(history.oom("failed", start, 2 ** 30, now)).toMatch(/^(Stale|TooOld)$/);
  }
  expect(history.estimate()).toMatchObject({ ooms: 1 });
});

describe("a checkpoint", () => {
  test("keeps all: read and written again, it is the same, and so is what is estimated by it", () => {
    fc.assert(
      fc.property(traces, kills, fc.constantFrom(believing, close), (trace, killed, by) => {
        const history = historyOf(trace, killed, by);
        const written = JSON.stringify(history.write());
        const read = UsageHistory.read(JSON.parse(written), by, later);
        expect(JSON.stringify(read?.write())).toBe(written);
        expect(read?.estimate()).toEqual(history.estimate());
      }),
    );
  });

  test("keeps the running window's peak and kills, and what was seen before it was written is not taken in again", () => {
    const history = new UsageHistory(sizing);
    history.sample("a", start, { cpu: 200, memory: 3e8 }, start);
    history.oom("a", start + 1, 2 ** 30, start + 1);
    const read = UsageHistory.read(JSON.parse(JSON.stringify(history.write())), sizing, start + minute);
    expect(read?.estimate()).toEqual(history.estimate());
    expect(read?.sample("a", start, { cpu: 200, memory: 3e8 }, start)).toBe("Stale");
    expect(read?.oom("a", start + 1, 2 ** 30, start + 1)).toBe("Stale");
    expect(read?.sample("a", start + minute, { cpu: 200, memory: 3e8 }, start + minute)).toBeUndefined();
  });

  test.each([
    ["no object", null],
    ["of another version", { version: 2 }],
    ["of other buckets", { scheme: "0.1" }],
    ["with a bucket that there isn't", { cpu: { at: start, first: 174, weights: base64([1, 1, 1]), total: 1 } }],
    ["with a weight below nothing", { cpu: { at: start, first: 0, weights: base64([-1]), total: 1 } }],
    ["with half a weight", { cpu: { at: start, first: 0, weights: "AAAA", total: 1 } }],
    ["with samples that are no number", { samples: "many" }],
    ["with a time that no date can hold", { since: 1e18 }],
    ["with a time before 1970", { seenAt: -1 }],
    ["last seen in a time to come", { seenAt: later + 2 * day }],
    ["killed in a time to come", { oomAt: later + 2 * day }],
    ["with a window in a time to come", { window: { end: later + 2 * day, peak: 1, oomPeak: 0 } }],
    ["with weights as of a time to come", { cpu: { at: later + 2 * day, first: 0, weights: base64([1]), total: 1 } }],
  ])("that is %s is none", (_, change) => {
    const sound = historyOf([{ instance: "a", at: start, cpu: 1, memory: 1 }]).write();
    expect(UsageHistory.read(change && { ...sound, ...change }, believing, later)).toBeUndefined();
  });

  test("can be read at the moment it was written", () => {
    fc.assert(
      fc.property(traces, kills, fc.constantFrom(believing, close), (trace, killed, by) => {
        expect(UsageHistory.read(historyOf(trace, killed, by).write(), by, trace.at(-1)?.at ?? NaN)).toBeDefined();
      }),
    );
  });

  test("of a container whose use spreads over a factor of 100 is less than 2 KB", () => {
    const history = new UsageHistory(believing);
    for (let index = 0; index < 10_000; index++) {
      const at = start + index * 2 * minute;
      history.sample("a", at, { cpu: 50 * 100 ** (index / 10_000), memory: 1e9 * (1 + index / 10_000) }, at);
    }
    expect(JSON.stringify(history.write()).length).toBeLessThan(2_048);
  });
});

describe("two histories that become one", () => {
  test("know what one would that had seen all of it", () => {
    fc.assert(
      fc.property(fc.array(fc.record(amounts), { minLength: 2, maxLength: 40 }), (all) => {
        const trace = all.map((one, index): Seen => ({ ...one, instance: "a", at: start + index * 1_000 }));
        const merged = historyOf(trace.filter((_, index) => index % 2 === 0));
        merged.merge(historyOf(trace.filter((_, index) => index % 2 === 1)));
        const [one, other] = [merged.estimate(), historyOf(trace).estimate()];
        expect({ ...one, cpu: one.cpu?.upper, memory: one.memory?.target }).toEqual({
          ...other,
          cpu: other.cpu?.upper,
          memory: other.memory?.target,
        });
      }),
    );
  });

  test("close the earlier's window where the later's began after it", () => {
    const [early, late] = [
      historyOf([{ instance: "a", at: start, cpu: 1, memory: 4e9 }]),
      historyOf([{ instance: "a", at: start + 3 * day, cpu: 1, memory: 2e9 }]),
    ];
    for (const [one, other] of [
      [early, late],
      [late, early],
    ] as const) {
      const merged = UsageHistory.read(one.write(), believing, later);
      merged?.merge(other);
      expect(merged?.write()).toMatchObject({
        window: { end: start + 4 * day, peak: 2e9 },
        memory: { total: 1 },
        samples: 2,
        since: start,
      });
    }
  });
});
