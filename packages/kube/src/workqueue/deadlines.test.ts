import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Deadlines } from "./deadlines.ts";

const key = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h");
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ set: key, at: fc.nat({ max: 20 }) }) },
  { weight: 2, arbitrary: fc.record({ delete: key }) },
  { weight: 2, arbitrary: fc.record({ take: fc.nat({ max: 20 }) }) },
);

test("whatever is set, moved and deleted, the earliest comes first, and of equal times the one set first", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const deadlines = new Deadlines<string>();
      let model: [string, number][] = [];
      const without = (key: string) => model.filter(([other]) => other !== key);
      for (const step of steps) {
        if ("set" in step) {
          deadlines.set(step.set, step.at);
          model = [...without(step.set), [step.set, step.at] as [string, number]].toSorted(([, a], [, b]) => a - b);
        } else if ("delete" in step) {
          expect(deadlines.delete(step.delete)).toBe(model.some(([key]) => key === step.delete));
          model = without(step.delete);
        } else {
          const due = model.find(([, at]) => at <= step.take)?.[0];
          expect(deadlines.take(step.take)).toBe(due);
          if (due !== undefined) model = without(due);
        }
        expect(deadlines.size).toBe(model.length);
        expect(deadlines.next).toBe(model[0]?.[1] ?? Infinity);
        for (const [key, at] of model) expect(deadlines.get(key)).toBe(at);
      }
      expect(Array.from(model, () => deadlines.take(Infinity))).toEqual(model.map(([key]) => key));
    }),
  );
});
