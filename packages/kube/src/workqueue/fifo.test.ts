import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Fifo } from "./fifo.ts";

const item = fc.constantFrom("a", "b", "c", "d", "e");
const step = fc.oneof(fc.record({ add: item }), fc.record({ delete: item }), fc.constant("shift" as const));

test("what is taken out is what has been in it for longest", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const fifo = new Fifo<string>();
      const model = new Set<string>();
      for (const step of steps) {
        if (step === "shift") {
          const [oldest] = model;
          expect(fifo.shift()).toBe(oldest);
          if (oldest !== undefined) model.delete(oldest);
        } else if ("add" in step) {
          fifo.add(step.add);
          model.add(step.add);
        } else {
          expect(fifo.delete(step.delete)).toBe(model.delete(step.delete));
        }
        expect(fifo.size).toBe(model.size);
      }
      expect(Array.from(model, () => fifo.shift())).toEqual([...model]);
    }),
  );
});
