import { array, assert, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { covers, diff } from "./covers.ts";
import type { PolicyRule } from "./rule.ts";
import { anyRule, brokenRule, brokenUniverse, meaning, universe } from "./universe.fixture.ts";

describe("covers", () => {
  test.each([
    ["any rules", anyRule, universe],
    ["rules whose texts hold line breaks", brokenRule, brokenUniverse],
  ])("finds an uncovered atom exactly when some request tells the two apart, of %s", (_, rule, requests) => {
    const few = array(rule, { maxLength: 3 });
    assert(
      property(few, few, (owner, servant) => {
        const owned = meaning(owner, requests);
        const within = [...meaning(servant, requests)].every((bit, index) => bit === "0" || owned[index] === "1");
        expect(covers(owner, servant).length === 0).toBe(within);
      }),
      { numRuns: 300 },
    );
  });

  test.each<[string, PolicyRule, PolicyRule]>([
    ["a path", { verbs: ["get"], nonResourceURLs: ["a\0b"] }, { verbs: ["get"], apiGroups: ["a"], resources: ["b"] }],
    [
      "a resource",
      { verbs: ["get"], apiGroups: [""], resources: ["a\0b"] },
      { verbs: ["get"], apiGroups: [""], resources: ["a"], resourceNames: ["b"] },
    ],
  ])("%s is not taken for what its text would be in parts", (_, owner, servant) => {
    expect(covers([owner], [servant])).toHaveLength(1);
    expect(covers([servant], [owner])).toHaveLength(1);
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
