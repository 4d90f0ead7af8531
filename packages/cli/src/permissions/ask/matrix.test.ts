import { expect, test } from "vitest";
import { fileOf, run } from "../run.fixture.ts";

const bound = (role: string, verb: string, subjects: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${role}}
rules: [{apiGroups: [""], resources: [pods], verbs: [${verb}]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ${role}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role}}
subjects: ${subjects}
---
`;

test("who isn't logged in gets nothing of what those who are may do", async () => {
  const everybody = bound("reader", "get", '[{kind: Group, name: "system:authenticated"}]');
  const users = bound("lister", "list", '[{kind: User, name: "system:anonymous"}, {kind: User, name: ada}]');
  const { out } = await run("matrix", "pods", "--rules", fileOf("roles.yaml", everybody + users), "-o", "json");
  expect(JSON.parse(out.join(""))).toMatchObject([
    { subject: "Group system:authenticated", verbs: { pods: ["get"] } },
    { subject: "User ada", verbs: { pods: ["get", "list"] } },
    { subject: "User system:anonymous", verbs: { pods: ["list"] } },
  ]);
});

test("what is in no namespace is granted by no RoleBinding", async () => {
  const within = bound("reader", "get", "[{kind: User, name: ada}]")
    .replace("kind: ClusterRoleBinding\nmetadata: {name: reader}", "kind: RoleBinding\nmetadata: {name: reader, namespace: shop}")
    .replace("resources: [pods]", "resources: [pods, nodes, namespaces]");
  const columns = ["pods", "nodes", "namespaces"];
  const { out } = await run("matrix", ...columns, "-n", "shop", "--rules", fileOf("roles.yaml", within), "-o", "json");
  expect(JSON.parse(out.join(""))).toMatchObject([{ subject: "User ada", verbs: { pods: ["get"], nodes: [], namespaces: [] } }]);
});

test("of which group a resource is taken to be is told where there are several", async () => {
  const crd = (group: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.${group}}
spec: {group: ${group}, scope: Namespaced, names: {plural: widgets, kind: Widget}}
---
`;
  const file = fileOf("roles.yaml", crd("a.example.com") + crd("b.example.com") + bound("reader", "get", "[{kind: User, name: ada}]"));
  expect((await run("matrix", "widgets", "--rules", file)).errors).toContain(
    'note: this is about widgets of the API group "a.example.com"; there are widgets in "b.example.com" too: for those, write widgets.b.example.com',
  );
});
