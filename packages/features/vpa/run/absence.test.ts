import { expect, test } from "vitest";
import { Absence } from "./absence.ts";

function trial() {
  const [added, later]: [string[], string[]] = [[], []];
  const absence = new Absence({ add: (key) => added.push(key), addAfter: (key) => later.push(key) });
  return { absence, added, later };
}

test("while the kind isn't known one tries for all, and when it is they all go on", () => {
  const { absence, added, later } = trial();
  for (const key of ["a", "b"]) absence.noticed(key);
  expect([absence.keeps("a"), absence.keeps("b"), absence.keeps("c")]).toEqual([false, true, true]);
  expect(later).toEqual(["a"]);
  absence.noticed("a");
  expect(later).toEqual(["a", "a"]);
  absence.end();
  expect(added).toEqual(["a", "b", "c"]);
  expect(absence.lasts).toBe(false);
});

test("where the one that tries has nothing to try any more, another does", () => {
  const { absence, added } = trial();
  for (const key of ["a", "b"]) absence.noticed(key);
  absence.gaveUp("a");
  expect(added).toEqual(["b"]);
  expect(absence.keeps("b")).toBe(false);
  absence.gaveUp("b");
  expect(absence.lasts).toBe(false);
});
