import { expect, test } from "vitest";
import { Lru } from "./lru.ts";

test("a further key takes the place of the one that was not asked for the longest", () => {
  let made = 0;
  const lru = new Lru<string, number>(2, () => ++made);
  expect(["a", "b", "a", "c", "a", "b"].map((key) => lru.get(key))).toEqual([1, 2, 1, 3, 1, 4]);
});
