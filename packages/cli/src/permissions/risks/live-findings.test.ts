import { expect, test } from "vitest";
import type { Bound } from "../subjects/access.ts";
import { summarised } from "./findings.ts";
import { liveFindings } from "./live-findings.ts";

function bound(name: string, rules: Bound["rules"], subjects: Bound["subjects"], more: Partial<Bound> = {}): Bound {
  return { binding: { kind: "ClusterRoleBinding", name }, role: { kind: "ClusterRole", name }, rules, subjects, ...more };
}
const account = (namespace: string, name: string) => ({ kind: "ServiceAccount", namespace, name });
const group = (name: string) => ({ kind: "Group", name });
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
    bound("cluster-admin", everything, [group("system:masters")]),
  ];
  expect(liveFindings(bindings, accounts)).toEqual([]);
  expect(liveFindings(bindings, accounts, { all: true }).map(({ role }) => role.name)).toEqual(["cluster-admin"]);
});

test("what only calls itself a default is judged", () => {
  expect(idsOf([bound("system:sneaky", everything, [account("a", "boss")])], "system:sneaky")).toEqual(["everything"]);
});

test("a default that is for others too is judged for these, and told", () => {
  const [found] = liveFindings([bound("cluster-admin", everything, [group("system:masters"), account("a", "boss")])], accounts);
  expect(found?.held?.subjects).toEqual(["ServiceAccount a/boss"]);
  expect(found?.findings).toMatchObject([
    { id: "everything" },
    { id: "changed-default", attack: expect.stringContaining("it is for ServiceAccount a/boss too") as string },
  ]);
});

test("a default whose role grants more, or that is for another role, is judged whole", () => {
  const reviews = { apiGroups: ["authorization.k8s.io"], resources: ["selfsubjectaccessreviews"], verbs: ["create"] };
  const secrets = { apiGroups: [""], resources: ["secrets"], verbs: ["get"] };
  const basic = (rules: Bound["rules"], more: Partial<Bound> = {}) =>
    liveFindings([bound("system:basic-user", rules, [group("system:authenticated")], more)], accounts);
  expect(basic([reviews])).toEqual([]);
  expect(basic([reviews, secrets])).toMatchObject([
    {
      findings: [
        { id: "bound-to-everybody", rules: [1] },
        { id: "secrets-read" },
        { id: "changed-default", attack: expect.stringContaining("it grants get secrets too") as string },
      ],
    },
  ]);
  expect(basic([reviews], { role: { kind: "ClusterRole", name: "other" } })).toMatchObject([{ findings: [{ id: "changed-default" }] }]);
});

test("a default of a later version of Kubernetes is none of the cluster's", () => {
  const later = bound("system:controller:podcertificaterequestcleaner", makesPods, [account("kube-system", "x")]);
  expect(liveFindings([later], accounts, { minor: 33 })).toMatchObject([{ findings: [{ id: "pods-create" }] }]);
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

test("the namespaces of a cluster that let privileged pods in put the nodes in reach", () => {
  const ids = (privileged: string[]) => liveFindings([bound("m", makesPods, [account("a", "maker")])], [], { privileged })[0]?.findings;
  expect(ids(["a"])).toMatchObject([{ id: "nodes-in-reach", severity: "critical" }, { id: "pods-create" }]);
  expect(ids([])).toMatchObject([{ id: "pods-create" }]);
});
