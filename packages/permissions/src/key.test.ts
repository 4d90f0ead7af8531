import { array, assert, constantFrom, option, property, string } from "fast-check";
import { expect, test } from "vitest";
import { keyOf } from "./key.ts";

const text = option(string({ unit: constantFrom("a", "1", ":", "-", "\n", "\0"), maxLength: 4 }), { nil: undefined });
const list = array(text, { maxLength: 3 });

test("lists share a key exactly when they are equal, whatever separates them", () => {
  assert(
    property(list, list, (a, b) => {
      expect(keyOf(a) === keyOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b) && a.every((text, index) => text === b[index]));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [["a\nb"], ["a", "b"]],
  [
    ["a", "\0b"],
    ["a\0", "b"],
  ],
  [["1:a"], ["a", ""]],
  [["-"], [undefined]],
  [[""], []],
])("%j and %j differ", (a, b) => {
  expect(keyOf(a)).not.toBe(keyOf(b));
});

test("a list's key is its parts' keys in a row", () => {
  assert(property(list, list, (a, b) => keyOf([...a, ...b]) === keyOf(a) + keyOf(b)));
});
