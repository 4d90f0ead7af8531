import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Schedule } from "./schedule.ts";

test("keys come out in the order of their times, each once, at the time that was set last", () => {
  const deed = fc.record({ key: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), at: fc.option(fc.nat(20), { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), fc.nat(20), (deeds, now) => {
      const schedule = new Schedule();
      const expected = new Map<string, number>();
      for (const { key, at } of deeds) {
        if (at === undefined) {
          schedule.delete(key);
          expected.delete(key);
        } else {
          schedule.set(key, at);
          expected.set(key, at);
        }
        expect(schedule.next).toBe(Math.min(Infinity, ...expected.values()));
        expect(schedule.at(key)).toBe(expected.get(key));
      }
      const due = [...schedule.due(now)];
      const times = due.map((key) => expected.get(key) ?? NaN);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(due.toSorted()).toEqual(
        [...expected]
          .filter(([, at]) => at <= now)
          .map(([key]) => key)
          .toSorted(),
      );
      expect(schedule.size).toBe(expected.size - due.length);
    }),
  );
});
