import { expect, test } from "vitest";
import { aggregated } from "../objects/aggregation.ts";
import { judged } from "./judged.ts";
import { readRoles } from "../sources/role-file.ts";

const apiVersion = "apiVersion: rbac.authorization.k8s.io/v1";
const roleRef = (name: string, kind = "ClusterRole"): string =>
  `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: ${name}}`;
const secrets = "rules: [{apiGroups: ['', storage.k8s.io], resources: [secrets, persistentvolumes], verbs: [get, create]}]";
const account = "subjects: [{kind: ServiceAccount, name: a, namespace: ns}]";

function found(...documents: string[]) {
  const { roles, bindings } = readRoles("f", documents.map((one) => `${apiVersion}\n${one}\n`).join("---\n"));
  const { found, missing } = judged(aggregated(roles), bindings);
  return {
    found: found.map(({ role, findings, held }) => ({ name: role.name, ids: findings.map(({ id }) => id), held: held?.subjects })),
    missing: missing.map(({ role }) => role.name),
  };
}

test("what a file binds of every cluster's own roles is judged, with whom it is for", () => {
  expect(
    found(`kind: ClusterRoleBinding\nmetadata: {name: b}\n${roleRef("cluster-admin")}\nsubjects: [{kind: Group, name: developers}]`),
  ).toEqual({ found: [{ name: "cluster-admin", ids: ["everything", "wildcard-paths"], held: ["Group developers"] }], missing: [] });
});

test("a role for whoever isn't logged in is told as such", () => {
  const open = (name: string, group: string) =>
    found(`kind: ClusterRoleBinding\nmetadata: {name: b}\n${roleRef(name)}\nsubjects: [{kind: Group, name: "system:${group}"}]`).found[0]
      ?.ids;
  expect(open("edit", "unauthenticated")).toContain("bound-to-everybody");
  expect(open("edit", "serviceaccounts")).toContain("bound-to-everybody");
  expect(open("system:public-info-viewer", "unauthenticated")).toEqual([]);
  expect(open("system:discovery", "authenticated")).toEqual([]);
});

test("a ClusterRole that RoleBindings alone hand out is judged within their namespaces", () => {
  const role = `kind: ClusterRole\nmetadata: {name: r}\n${secrets}`;
  const within = `kind: RoleBinding\nmetadata: {name: b, namespace: ns}\n${roleRef("r")}\n${account}`;
  const wide = `kind: ClusterRoleBinding\nmetadata: {name: b}\n${roleRef("r")}\n${account}`;
  expect(found(role).found[0]?.ids).toContain("persistentvolumes-create");
  expect(found(role, within).found.map(({ ids }) => ids)).toEqual([expect.not.arrayContaining(["persistentvolumes-create"])]);
  expect(found(role, within, wide).found.map(({ ids }) => ids.includes("persistentvolumes-create"))).toEqual([false, true]);
});

test("a role that a binding gives to nobody is judged as one that nothing binds", () => {
  const role = `kind: ClusterRole\nmetadata: {name: r}\n${secrets}`;
  const toNobody = `kind: ClusterRoleBinding\nmetadata: {name: b}\n${roleRef("r")}\nsubjects: []`;
  expect(found(role, toNobody)).toEqual(found(role));
});

test("what a file adds to one of Kubernetes' own roles by a label is held by whom that role is bound to", () => {
  const added = `kind: ClusterRole\nmetadata: {name: r, labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}}\n${secrets}`;
  const bound = (name: string) => `kind: ClusterRoleBinding\nmetadata: {name: b}\n${roleRef(name)}\n${account}`;
  for (const name of ["view", "edit", "admin"])
    expect(found(added, bound(name)).found.find((one) => one.name === name)?.ids).toContain("persistentvolumes-create");
  expect(found(added, bound("system:discovery")).found.find((one) => one.name === "system:discovery")?.ids).toEqual([]);
});

test("a role that stands nowhere is told", () => {
  expect(found(`kind: ClusterRoleBinding\nmetadata: {name: b}\n${roleRef("nowhere")}\n${account}`)).toEqual({
    found: [],
    missing: ["nowhere"],
  });
});

test("a ClusterRole that gathers others grants what they grant, and nothing of its own", () => {
  const labelled = (name: string, rule: string) =>
    `kind: ClusterRole\nmetadata: {name: ${name}, labels: {part: ${name}}}\nrules: [${rule}]`;
  const gathers = (name: string, part: string, label = name) =>
    `kind: ClusterRole\nmetadata: {name: ${name}, labels: {part: ${label}}}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {part: ${part}}}]}\nrules: [{apiGroups: [""], resources: [nodes], verbs: [delete]}]`;
  const exec = labelled("exec", '{apiGroups: [""], resources: [pods/exec], verbs: [create]}');
  expect(found(gathers("sum", "exec"), exec).found[0]).toMatchObject({ name: "sum", ids: ["pods-exec"] });
  expect(found(gathers("outer", "sum"), gathers("sum", "exec"), exec).found[0]).toMatchObject({ name: "outer", ids: ["pods-exec"] });
  expect(found(gathers("self", "self")).found[0]).toMatchObject({ name: "self", ids: [] });
});

test("a ServiceAccount that is somebody in a cloud is told to be in reach of who can use it, but not to itself", () => {
  const annotated = (annotation: string) => `apiVersion: v1
kind: ServiceAccount
metadata: {name: uploader, namespace: shop, annotations: {${annotation}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pods, namespace: shop}
rules: [{apiGroups: [""], resources: [pods], verbs: [create]}]
`;
  const cloudIn = (text: string) => {
    const { roles, bindings, accounts, privileged } = readRoles("sa.yaml", text);
    return judged(roles, bindings, { accounts, privileged }).found.flatMap(({ findings }) =>
      findings.filter(({ id }) => id.startsWith("cloud-identity/")).map(({ title }) => title),
    );
  };
  expect(cloudIn(annotated("eks.amazonaws.com/role-arn: arn:aws:iam::1:role/upload"))).toEqual([
    "reaches ServiceAccount shop/uploader, which is arn:aws:iam::1:role/upload in the cloud",
  ]);
  for (const key of ["iam.gke.io/gcp-service-account", "azure.workload.identity/client-id"])
    expect(cloudIn(annotated(`${key}: a`))).toHaveLength(1);
  expect(cloudIn(annotated("other: a"))).toEqual([]);
  const given = annotated("iam.gke.io/gcp-service-account: a");
  expect(cloudIn(given.replaceAll("namespace: shop}", "namespace: bank}"))).toEqual([]);
  const binding = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: pods, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
subjects: [{kind: ServiceAccount, name: uploader, namespace: shop}]
`;
  expect(cloudIn(given + binding)).toEqual([]);
  expect(cloudIn(given + binding.replace("name: uploader", "name: other"))).toHaveLength(1);
});

test("who makes pods where privileged ones are let in reaches the nodes, and who makes them elsewhere doesn't", () => {
  const space = (level: string) =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: open, labels: {pod-security.kubernetes.io/enforce: ${level}}}\n---\n`;
  const role = (rule: string) => `${apiVersion}\nkind: ClusterRole\nmetadata: {name: r}\nrules: [${rule}]\n---\n`;
  const within = (namespace: string) =>
    `${apiVersion}\nkind: RoleBinding\nmetadata: {name: b, namespace: ${namespace}}\n${roleRef("r")}\n${account}\n`;
  const nodesIn = (text: string) => {
    const { roles, bindings, accounts, privileged } = readRoles("f", text);
    return judged(roles, bindings, { accounts, privileged }).found.flatMap(({ findings }) =>
      findings.filter(({ id }) => id === "nodes-in-reach").map(({ severity, title, rules }) => ({ severity, title, rules })),
    );
  };
  const makes = "{apiGroups: [''], resources: [configmaps], verbs: [get]}, {apiGroups: [apps], resources: [deployments], verbs: [create]}";
  const told = [{ severity: "critical", title: "reaches the nodes by privileged pods in open", rules: [1] }];
  expect(nodesIn(space("privileged") + role(makes))).toEqual(told);
  expect(nodesIn(space("privileged") + role(makes) + within("open"))).toEqual(told);
  expect(nodesIn(space("privileged") + role(makes) + within("shut"))).toEqual([]);
  expect(nodesIn(space("baseline") + role(makes) + within("open"))).toEqual([]);
  const all = "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}";
  expect(nodesIn(space("privileged") + role(all) + within("open"))).toHaveLength(1);
  const reads = "{apiGroups: [''], resources: [pods], verbs: [get]}";
  expect(nodesIn(space("privileged") + role(reads) + within("open"))).toEqual([]);
});

const definition = (scope: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: runs.example.com}
spec:
  group: example.com
  scope: ${scope}
  names: {plural: runs, kind: Run, shortNames: [rn]}
  versions:
    - name: v1
      subresources: {status: {}}
      schema: {openAPIV3Schema: {properties: {spec: {properties: {template: {properties: {containers: {items: {properties: {image: {}}}}}}}}}}}
---
`;

test("a CRD in the files says what its objects are, and where they are", () => {
  const role = `${apiVersion}\nkind: ClusterRole\nmetadata: {name: r}\nrules: [{apiGroups: [example.com], resources: [runs], verbs: [create]}]\n---\n`;
  const binding = `${apiVersion}\nkind: RoleBinding\nmetadata: {name: b, namespace: ns}\n${roleRef("r")}\n${account}\n`;
  const idsIn = (text: string) => {
    const { roles, bindings, others, ...around } = readRoles("f", text);
    expect(others).toEqual([]);
    return judged(roles, bindings, around).found.flatMap(({ findings }) => findings.map(({ id }) => id));
  };
  expect(readRoles("f", definition("Cluster")).resources).toEqual([
    { group: "example.com", plural: "runs", singular: "run", kind: "Run", shortNames: ["rn"], namespaced: false, subresources: ["status"] },
  ]);
  expect(idsIn(role)).toEqual([]);
  expect(idsIn(definition("Namespaced") + role + binding)).toEqual(["workloads-write"]);
  expect(idsIn(definition("Cluster") + role)).toEqual(["workloads-write"]);
  expect(idsIn(definition("Cluster") + role + binding)).toEqual([]);
});

test("roles within an OpenShift template are judged", () => {
  const template = `apiVersion: template.openshift.io/v1
kind: Template
metadata: {name: t}
objects:
  - ${apiVersion}
    kind: Role
    metadata: {name: "\${NAME}"}
    rules: [{apiGroups: [""], resources: [pods], verbs: [create]}]
parameters: [{name: NAME}]
`;
  const { roles, bindings, ...around } = readRoles("f", template);
  const [one] = judged(roles, bindings, around).found;
  expect(one).toMatchObject({ role: { name: "${NAME}", lines: [8] }, findings: [{ id: "pods-create" }] });
});
