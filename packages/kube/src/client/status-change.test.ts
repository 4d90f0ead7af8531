import { expect, test } from "vitest";
import { statusChange } from "./status-change.ts";

test("a change names what has changed, also within maps, and takes away what is gone; lists are whole", () => {
  const before = { phase: "Running", saved: { cpu: "1", memory: "2" }, states: { a: 1 }, list: [1], same: { x: [1] } };
  const after = { phase: "Running", saved: { cpu: "3" }, states: { a: 1, b: 2 }, list: [2], same: { x: [1] } };
  expect(statusChange(before, after)).toEqual({ saved: { cpu: "3", memory: null }, states: { b: 2 }, list: [2] });
  expect(statusChange(before, structuredClone(before))).toBeUndefined();
  expect(statusChange(undefined, { phase: "Running" })).toEqual({ phase: "Running" });
});
