import { array, assert, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { ruleOf } from "./atoms.ts";
import { intersect, subtract } from "./intersect.ts";
import type { PolicyRule } from "./rule.ts";
import { anyRule, meaning } from "./universe.fixture.ts";

const both = (a: string, b: string): string => [...a].map((bit, index) => (bit === "1" && b[index] === "1" ? "1" : "0")).join("");
const without = (a: string, b: string): string => [...a].map((bit, index) => (bit === "1" && b[index] !== "1" ? "1" : "0")).join("");
const few = array(anyRule, { maxLength: 3 });

describe("intersect", () => {
  test("grants what both grant, no more and no less", () => {
    assert(
      property(few, few, (a, b) => meaning(intersect(a, b)) === both(meaning(a), meaning(b))),
      { numRuns: 300 },
    );
  });

  test("wildcards that cross meet in the middle", () => {
    const everyVerbOnPods: PolicyRule = { verbs: ["*"], apiGroups: [""], resources: ["pods"] };
    const getEverything: PolicyRule = { verbs: ["get"], apiGroups: ["*"], resources: ["*"] };
    expect(intersect([everyVerbOnPods], [getEverything])).toEqual([{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }]);
  });
});

describe("subtract", () => {
  test("its rules, and what is left of the partial atoms, are what one grants without the other", () => {
    assert(
      property(few, few, (a, b) => {
        const { rules, partial } = subtract(a, b);
        const rest = without(meaning(partial.map(ruleOf)), meaning(b));
        const together = [...meaning(rules)].map((bit, index) => (bit === "1" || rest[index] === "1" ? "1" : "0")).join("");
        expect(together).toBe(without(meaning(a), meaning(b)));
      }),
      { numRuns: 300 },
    );
  });

  test("says that every verb but one cannot be written", () => {
    expect(
      subtract([{ verbs: ["*"], apiGroups: [""], resources: ["pods"] }], [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }]),
    ).toEqual({
      rules: [],
      partial: [{ verb: "*", group: "", resource: "pods" }],
    });
  });
});
