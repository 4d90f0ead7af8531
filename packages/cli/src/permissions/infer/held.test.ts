import { expect, test } from "vitest";
import { loadHeld } from "./held.ts";
import { fileOf } from "../run.fixture.ts";

const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
`;
const binding = (kind: string, metadata: string, roleRef: string, subject: string) => `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: {${metadata}}
roleRef: {apiGroup: rbac.authorization.k8s.io, ${roleRef}}
subjects: [{${subject}}]
`;
const reader = "kind: ClusterRole, name: reader";

test("who isn't logged in holds nothing that is bound to those who are", async () => {
  const file = fileOf("roles.yaml", role + binding("ClusterRoleBinding", "name: a", reader, 'kind: Group, name: "system:authenticated"'));
  await expect(loadHeld(file, "system:anonymous", {})).rejects.toThrow("binds none of its roles to system:anonymous");
  expect((await loadHeld(file, "ada", {})).map(({ name }) => name)).toEqual(["reader"]);
});

test("a role that is bound twice in a namespace is held once there, and apart from what is bound elsewhere or is another role", async () => {
  const ada = "kind: User, name: ada";
  const bound = (name: string, namespace: string, roleRef = reader) =>
    binding("RoleBinding", `name: ${name}, namespace: ${namespace}`, roleRef, ada);
  const namesake = "---\n" + role.replace("ClusterRole", "Role").replace("name: reader", "name: reader, namespace: shop");
  const file = fileOf(
    "roles.yaml",
    [
      role,
      namesake,
      bound("a", "shop"),
      bound("b", "shop"),
      bound("c", "yard"),
      bound("d", "shop", "kind: Role, name: reader"),
      bound("e", "shop", "kind: Role, name: reader"),
      binding("ClusterRoleBinding", "name: f", reader, ada),
    ].join(""),
  );
  expect((await loadHeld(file, "ada", {})).map(({ kind, namespace }) => [kind, namespace])).toEqual([
    ["Role", "shop"],
    ["Role", "yard"],
    ["Role", "shop"],
    ["ClusterRole", undefined],
  ]);
});

test("a ClusterRole that every cluster has is held though the file doesn't have it, and by those it is bound to only", async () => {
  const view = "kind: ClusterRole, name: view";
  const file = fileOf(
    "roles.yaml",
    binding("RoleBinding", "name: a, namespace: shop", view, "kind: User, name: ada") +
      binding("ClusterRoleBinding", "name: b", "kind: ClusterRole, name: unheard-of", "kind: User, name: bob"),
  );
  const [held, ...others] = await loadHeld(file, "ada", {});
  expect(others).toEqual([]);
  expect(held).toMatchObject({ kind: "Role", name: "view", namespace: "shop" });
  expect(held?.rules).toContainEqual(expect.objectContaining({ resources: expect.arrayContaining(["pods/log"]) }));
  await expect(loadHeld(file, "bob", {})).rejects.toThrow("binds none of its roles to bob, nor one that every cluster has");
});
