import * as fc from "fast-check";
import { expect, test } from "vitest";
import { truncate } from "./truncate.ts";

const text = fc.string({ unit: fc.constantFrom("a", "ß", "…", "語", "🚢", "\ud83d") });

test("a text that fits is left alone", () => {
  fc.assert(
    fc.property(text, (text) => {
      expect(truncate(text, Math.max(3, Buffer.byteLength(text)))).toBe(text);
    }),
  );
});

test("of one that doesn't fit there is as much as there is room for, in whole characters, and an ellipsis", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 3, max: 40 }), (text, most) => {
      fc.pre(Buffer.byteLength(text) > most);
      const cut = truncate(text, most);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(most);
      expect(cut.endsWith("…")).toBe(true);
      const characters = [...text];
      const kept = [...cut].length - 1;
      expect(cut).toBe(`${characters.slice(0, kept).join("")}…`);
      expect(Buffer.byteLength(characters.slice(0, kept + 1).join("")) + 3).toBeGreaterThan(most);
    }),
  );
});
