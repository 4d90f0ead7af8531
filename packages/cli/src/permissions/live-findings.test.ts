import { expect, test } from "vitest";
import type { Bound } from "./access.ts";
import { summarised } from "./findings.ts";
import { liveFindings } from "./live-findings.ts";

function bound(name: string, rules: Bound["rules"], subjects: Bound["subjects"], more: Partial<Bound> = {}): Bound {
  return { binding: { kind: "ClusterRoleBinding", name }, role: { kind: "ClusterRole", name }, rules, subjects, isDefault: false, ...more };
}
const account = (namespace: string, name: string) => ({ kind: "ServiceAccount", namespace, name });
const everything = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];
const makesPods = [{ apiGroups: [""], resources: ["pods"], verbs: ["create"] }];
const accounts = [
  { namespace: "a", name: "boss" },
  { namespace: "b", name: "boss" },
  { namespace: "a", name: "maker" },
];
const bosses = bound("bosses", everything, [account("a", "boss"), account("b", "boss")]);

const idsOf = (bindings: Bound[], name: string, options = {}) =>
  liveFindings(bindings, accounts, options)
    .find(({ role }) => role.name === name)
    ?.findings.map(({ id }) => id);

test("who may make pods in a namespace reaches its powerful ServiceAccounts, and everywhere all of them", () => {
  expect(idsOf([bosses, bound("m", makesPods, [account("a", "maker")], { namespace: "a" })], "m")).toEqual([
    "powerful-account/a/boss",
    "pods-create",
  ]);
  expect(idsOf([bosses, bound("m", makesPods, [account("a", "maker")])], "m")).toEqual([
    "powerful-account/a/boss",
    "powerful-account/b/boss",
    "pods-create",
  ]);
});

test("nobody is in reach of himself", () => {
  expect(idsOf([bosses, bound("m", makesPods, [account("a", "boss")], { namespace: "a" })], "m")).toEqual(["pods-create"]);
});

test("roles that nobody holds, that are missing, or that came with Kubernetes are left out", () => {
  const bindings = [
    bound("none", everything, []),
    bound("missing", undefined, [account("a", "boss")]),
    bound("default", everything, [account("a", "boss")], { isDefault: true }),
  ];
  expect(liveFindings(bindings, accounts)).toEqual([]);
  expect(liveFindings(bindings, accounts, { all: true }).map(({ role }) => role.name)).toEqual(["default"]);
});

test("many powerful accounts in reach are one line", () => {
  const many = Array.from({ length: 5 }, (_, index) => ({ namespace: "a", name: `boss-${index}` }));
  const [, found] = liveFindings(
    [
      bound(
        "bosses",
        everything,
        many.map(({ name }) => account("a", name)),
      ),
      bound("m", makesPods, [account("a", "maker")]),
    ],
    many,
  );
  expect(summarised(found?.findings ?? []).map(({ id, title }) => [id, title])).toEqual([
    ["powerful-accounts", "reaches 5 powerful ServiceAccounts, as a/boss-0, a/boss-1, a/boss-2"],
    ["pods-create", "creates pods"],
  ]);
});
