import { expect, test } from "vitest";
import { budgetOf, hindranceOf } from "./budget.ts";

const budget = (name: string, spec: object) =>
  budgetOf({ metadata: { namespace: "ns", name }, spec: { selector: { matchLabels: { app: name } }, ...spec } });

test.each([
  [{ maxUnavailable: 1 }, "maxUnavailable: 1", true],
  [{ maxUnavailable: "50%" }, "maxUnavailable: 50%", true],
  [{ maxUnavailable: 0 }, "maxUnavailable: 0", true],
  [{ minAvailable: "50%" }, "minAvailable: 50%", true],
  [{ minAvailable: 2 }, "minAvailable: 2", false],
  [{ minAvailable: 0 }, "minAvailable: 0", false],
  [{}, "neither minAvailable nor maxUnavailable", true],
])("a budget with %j says %j; it needs a scale: %j", (spec, limit, needsScale) => {
  expect(budget("a", spec)).toMatchObject({ limit, needsScale });
});

test("pods without a scale are held by a budget that needs one, and by two of any sort", () => {
  const [scaled, counted] = [budget("a", { maxUnavailable: 1 }), budget("b", { minAvailable: 1 })];
  const both = budgetOf({ metadata: { name: "all" }, spec: { selector: {}, minAvailable: 1 } });
  expect(hindranceOf([scaled, counted], { app: "a" })).toEqual({ kind: "scale", budget: scaled });
  expect(hindranceOf([scaled, counted], { app: "b" })).toBeUndefined();
  expect(hindranceOf([scaled, counted], { app: "c" })).toBeUndefined();
  expect(hindranceOf([counted, both], { app: "b" })).toEqual({ kind: "many", budgets: [counted, both] });
});
