import { expect, test } from "vitest";
import { fileOf, run } from "./run.fixture.ts";

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
