import { expect, test } from "vitest";
import { accountsOf } from "./accounts.ts";
import { countsOf } from "./counts.ts";

const role = (kind: string, name: string, rules: object[]) => JSON.stringify({ kind, metadata: { name }, rules });
const binding = (kind: string, name: string, to: string, account: string) =>
  JSON.stringify({ kind, metadata: { name }, roleRef: { kind: to, name }, subjects: [{ kind: "ServiceAccount", name: account }] });
const secrets = { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] };
const pods = { apiGroups: [""], resources: ["pods", "pods/status"], verbs: ["get", "create", "*"] };

const manifests = [
  [role("ClusterRole", "wide", [pods]), binding("ClusterRoleBinding", "wide", "ClusterRole", "a")].join("\n---\n"),
  [role("Role", "narrow", [secrets]), binding("RoleBinding", "narrow", "Role", "a"), JSON.stringify({ kind: "Deployment" })].join(
    "\n---\n",
  ),
  binding("RoleBinding", "wide", "ClusterRole", "b"),
];

test("an account holds what its bindings give, each where its binding holds", () => {
  const [a, b] = accountsOf(manifests);
  expect(a).toMatchObject({ name: "a", cluster: [pods], namespace: [secrets] });
  expect(b).toMatchObject({ name: "b", cluster: [], namespace: [pods] });
});

test("a grant is one verb on one resource, and a wildcard is one that writes", () => {
  const [a] = accountsOf(manifests);
  expect(a && countsOf(a)).toMatchObject({ rules: 2, grants: 8, writes: 4, cluster: 6, secrets: "in its namespace" });
});

test("a role that binds nothing counts for nobody", () => {
  expect(accountsOf([role("Role", "spare", [secrets])])).toEqual([]);
});

test("a binding to a role that isn't there is an error that names both", () => {
  expect(() => accountsOf([binding("RoleBinding", "lost", "Role", "a")])).toThrow(
    "RoleBinding lost binds the Role lost, which isn't in the manifests",
  );
});

test("Secrets that are named are not read", () => {
  const [rule] = [{ ...secrets, resourceNames: ["one"] }];
  expect(countsOf({ name: "a", cluster: [rule], namespace: [] }).secrets).toBe("no");
});
