import { expect, test } from "vitest";
import { atoms } from "../atoms.ts";
import { diff } from "../covers.ts";
import { oceanChart, oceanController } from "./ocean-controller.ts";
import { rulesOf } from "./reference.ts";

test("the chart's role has 31 rules, and 22 grants that the document's hasn't", () => {
  const { onlyA, onlyB } = diff(rulesOf(oceanChart), rulesOf(oceanController));
  expect(rulesOf(oceanChart)).toHaveLength(31);
  expect(rulesOf(oceanController)).toHaveLength(24);
  expect(onlyA).toHaveLength(22);
  expect(onlyB).toEqual([]);
  expect(atoms(rulesOf(oceanChart)).length).toBeGreaterThan(atoms(rulesOf(oceanController)).length);
});
