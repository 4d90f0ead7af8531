import { array, assert, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { covers, diff } from "./covers.ts";
import type { PolicyRule } from "./rule.ts";
import { anyRule, meaning } from "./universe.fixture.ts";

const few = array(anyRule, { maxLength: 3 });

describe("covers", () => {
  test("finds an uncovered atom exactly when some request tells the two apart", () => {
    assert(property(few, few, (owner, servant) => {
      const owned = meaning(owner);
      const within = [...meaning(servant)].every((bit, index) => bit === "0" || owned[index] === "1");
      expect(covers(owner, servant).length === 0).toBe(within);
    }), { numRuns: 400 });
  });

  test.each<[string, Partial<PolicyRule>, Partial<PolicyRule>, number]>([
    ["names do not cover all names", { resourceNames: ["a"] }, {}, 1],
    ["all names cover a name", {}, { resourceNames: ["a"] }, 0],
    ["a resource does not cover its subresource", {}, { resources: ["pods/log"] }, 1],
    ["a star over a subresource covers each", { resources: ["*/log"] }, { resources: ["pods/log"] }, 0],
    ["pods/* covers nothing but itself", { resources: ["pods/*"] }, { resources: ["pods/log"] }, 1],
    ["listing is not every verb", {}, { verbs: ["*"] }, 1],
  ])("%s", (_, owner, servant, uncovered) => {
    const plain: PolicyRule = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };
    expect(covers([{ ...plain, ...owner }], [{ ...plain, ...servant }])).toHaveLength(uncovered);
  });
});

test("diff names what each has and the other lacks", () => {
  const pods = (...verbs: string[]): PolicyRule => ({ verbs, apiGroups: [""], resources: ["pods"] });
  expect(diff([pods("get", "list")], [pods("list", "watch")])).toEqual({
    onlyA: [{ verb: "get", group: "", resource: "pods" }],
    onlyB: [{ verb: "watch", group: "", resource: "pods" }],
  });
});
