import { array, assert, property, shuffledSubarray } from "fast-check";
import { describe, expect, test } from "vitest";
import { compact } from "./compact.ts";
import { diff } from "../covers.ts";
import { worlds } from "./exhaustive.fixture.ts";
import type { PolicyRule } from "../rule.ts";
import { anyRule, brokenRule, brokenUniverse, closeRule, loners, meaning, wideRule } from "../universe.fixture.ts";

const rule = (verbs: string, resources: string, groups = "core", names = ""): PolicyRule => ({
  verbs: verbs.split(" "),
  apiGroups: groups.split(" ").map((group) => (group === "core" ? "" : group)),
  resources: resources.split(" "),
  ...(names && { resourceNames: names.split(" ") }),
});

describe("compact", () => {
  test.each([
    ["any rules", anyRule, 400],
    ["rules that meet and cross", closeRule, 3000],
  ])("grants exactly what %s granted", (_, rule, numRuns) => {
    assert(
      property(array(rule, { minLength: 2, maxLength: 5 }), (rules) => meaning(compact(rules)) === meaning(rules)),
      { numRuns },
    );
  });

  test("verbs that only a rule of all names tells apart are not taken as one", () => {
    const rules = [rule("list get", "*/log", "batch core", "c"), rule("list get", "jobs", "core", "c"), rule("get", "jobs", "batch")];
    expect(diff(rules, compact(rules))).toEqual({ onlyA: [], onlyB: [] });
  });

  test("rules don't say again what others do, where they need not", () => {
    const rules = [
      rule("create delete get list patch update watch", "pods pods/exec"),
      rule("get list watch", "configmaps"),
      rule("create delete get update", "persistentvolumeclaims"),
      rule("get list", "serviceaccounts"),
      rule("create patch", "events"),
    ];
    expect(compact(rules)).toEqual([
      rule("get list watch", "configmaps pods pods/exec"),
      rule("create patch", "events pods pods/exec"),
      rule("get create update delete", "persistentvolumeclaims pods pods/exec"),
      rule("get list", "serviceaccounts"),
    ]);
  });

  test("never has more rules than came in, nor more when it runs again", () => {
    assert(
      property(array(anyRule, { maxLength: 5 }), (rules) => {
        const once = compact(rules);
        expect(compact(once)).toEqual(once);
        // A rule with resources and paths is not among these, so none is split.
        expect(once.length).toBeLessThanOrEqual(rules.length);
      }),
      { numRuns: 200 },
    );
  });

  test("keeps the meaning of many rules too, where the least number isn't searched for", () => {
    assert(
      property(array(wideRule, { minLength: 100, maxLength: 160 }), (rules) => {
        const fewer = compact(rules);
        expect(diff(rules, fewer)).toEqual({ onlyA: [], onlyB: [] });
        expect(fewer.length).toBeLessThanOrEqual(rules.length);
        expect(compact(rules.toReversed())).toEqual(fewer);
      }),
      { numRuns: 15 },
    );
  });

  test.each<[string, readonly PolicyRule[], number]>([
    ["few rules", [], 300],
    ["more than are looked at in pairs", loners, 30],
  ])("tells texts with line breaks from two texts, among %s", (_, others, numRuns) => {
    assert(
      property(array(brokenRule, { minLength: 2, maxLength: 6 }), (rules) => {
        expect(meaning(compact([...others, ...rules]), brokenUniverse)).toBe(meaning(rules, brokenUniverse));
      }),
      { numRuns },
    );
  });

  test("does not depend on the order of the rules", () => {
    const rules = [
      rule("get list", "pods"),
      rule("get", "pods/log jobs"),
      rule("*", "jobs", "batch"),
      rule("watch", "pods", "core", "a b"),
      rule("list", "jobs", "core batch"),
    ];
    assert(
      property(shuffledSubarray(rules, { minLength: rules.length }), (shuffled) => {
        expect(compact(shuffled)).toEqual(compact(rules));
      }),
    );
  });

  test.each([
    ["verbs of one resource are one rule", [rule("get", "pods"), rule("list", "pods")], 1],
    ["a narrower rule vanishes in a wider one", [rule("*", "*", "*"), rule("get", "pods")], 1],
    ["a name vanishes where every name is granted", [rule("get", "secrets", "core", "a"), rule("get", "secrets")], 1],
    ["groups and resources that would cross stay apart", [rule("get", "pods"), rule("get", "jobs", "batch")], 2],
    ["rules may overlap to be fewer", [rule("a b", "x"), rule("b c", "y"), rule("b", "x y z")], 3],
    ["names and all names stay apart", [rule("get", "pods"), rule("get", "secrets", "core", "a")], 2],
    ["a star over subresources swallows them", [rule("get", "*/status"), rule("get", "pods/status jobs/status")], 1],
    [
      "stars at a path's end are one",
      [
        { verbs: ["get"], nonResourceURLs: ["/a**"] },
        { verbs: ["get"], nonResourceURLs: ["/a*"] },
      ],
      1,
    ],
    ["nothing stays nothing", [], 0],
  ])("%s", (_, rules: PolicyRule[], count) => {
    expect(compact(rules)).toHaveLength(count);
  });

  test.each(Object.entries(worlds))(
    "finds the least number there is, against trying all combinations of rules, %s",
    (_, { rule, leastByTrying }) => {
      assert(
        property(array(rule, { minLength: 1, maxLength: 4 }), (rules) => {
          expect(compact(rules).length).toBe(leastByTrying(rules));
        }),
        { numRuns: 150 },
      );
    },
  );
});
