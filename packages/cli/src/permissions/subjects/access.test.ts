import type { Request } from "@plimsoll/permissions";
import { expect, test } from "vitest";
import { bindingsOf, bindingsThatGrant, formatSubject, identityOfAccount, identityOfUser, subjectsFor, type Rbac } from "./access.ts";

const apiGroup = "rbac.authorization.k8s.io";
const pods = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };
const rbac: Rbac = {
  roles: [{ metadata: { name: "reader", namespace: "a" }, rules: [pods] }],
  clusterRoles: [
    { metadata: { name: "wide" }, rules: [pods, { nonResourceURLs: ["/metrics"], verbs: ["get"] }] },
    {
      metadata: { name: "cluster-admin", labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } },
      rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
    },
  ],
  roleBindings: [
    {
      metadata: { name: "readers", namespace: "a" },
      roleRef: { apiGroup, kind: "Role", name: "reader" },
      subjects: [{ kind: "ServiceAccount", name: "builder" }],
    },
    {
      metadata: { name: "same-name", namespace: "b" },
      roleRef: { apiGroup, kind: "Role", name: "reader" },
      subjects: [{ kind: "User", name: "ada" }],
    },
    {
      metadata: { name: "wide", namespace: "b" },
      roleRef: { apiGroup, kind: "ClusterRole", name: "wide" },
      subjects: [{ kind: "User", name: "ada" }],
    },
  ],
  clusterRoleBindings: [
    {
      metadata: { name: "cluster-admin", labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } },
      roleRef: { apiGroup, kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "Group", name: "system:masters" }],
    },
    {
      metadata: { name: "ci" },
      roleRef: { apiGroup, kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "Group", name: "system:serviceaccounts:ci" }],
    },
  ],
};
const bindings = bindingsOf(rbac);
const names = (request: Request, options?: { anyNamespace: boolean }) =>
  bindingsThatGrant(bindings, request, options).map(({ bound }) => bound.binding.name);
const get = { verb: "get", group: "", resource: "pods" };

test("a RoleBinding grants within its namespace only, and paths not at all", () => {
  expect(names({ ...get, namespace: "a" })).toEqual(["cluster-admin", "ci", "readers"]);
  expect(names({ ...get, namespace: "b" })).toEqual(["cluster-admin", "ci", "wide"]);
  expect(names(get)).toEqual(["cluster-admin", "ci"]);
  expect(names({ verb: "get", path: "/metrics" })).toEqual([]);
});

test("asked for any namespace, each RoleBinding is asked about its own", () => {
  expect(names(get, { anyNamespace: true })).toEqual(["cluster-admin", "ci", "readers", "wide"]);
  expect(names({ verb: "get", path: "/metrics" }, { anyNamespace: true })).toEqual([]);
});

test("a role is looked for in the binding's own namespace, and a missing one is known as such", () => {
  expect(bindings.filter(({ rules }) => rules === undefined).map(({ binding, role }) => [binding.name, role])).toEqual([
    ["same-name", { kind: "Role", name: "reader", namespace: "b" }],
  ]);
});

test("a ServiceAccount is meant by its kind, by its user name and by its groups; without a namespace in the binding's", () => {
  const builder = identityOfAccount("a", "builder");
  const readers = bindings.find(({ binding }) => binding.name === "readers")?.subjects ?? [];
  expect(subjectsFor(readers, builder).map(formatSubject)).toEqual(["ServiceAccount a/builder"]);
  expect(subjectsFor(readers, identityOfAccount("b", "builder"))).toEqual([]);
  const others = [
    { kind: "User", name: "system:serviceaccount:a:builder" },
    { kind: "Group", name: "system:serviceaccounts:a" },
    { kind: "Group", name: "system:serviceaccounts:b" },
    { kind: "User", name: "builder" },
    { kind: "Group", name: "system:authenticated" },
  ];
  expect(subjectsFor(others, builder).map(formatSubject)).toEqual([
    "User system:serviceaccount:a:builder",
    "Group system:serviceaccounts:a (every ServiceAccount in a)",
    "Group system:authenticated (everybody who is logged in)",
  ]);
});

test("a user's groups are those of the name: an account's, and for whoever isn't logged in not those of who is", () => {
  expect(identityOfUser("system:serviceaccount:a:builder")).toEqual(identityOfAccount("a", "builder"));
  expect(identityOfUser("ada")).toEqual({ user: "ada", groups: ["system:authenticated"] });
  expect(identityOfUser("system:anonymous")).toEqual({ user: "system:anonymous", groups: ["system:unauthenticated"] });
});
