import { expect, test } from "vitest";
import { aggregated } from "./aggregation.ts";
import { judged } from "./judged.ts";
import { readRoles } from "./role-file.ts";

const apiVersion = "apiVersion: rbac.authorization.k8s.io/v1";
const roleRef = (name: string, kind = "ClusterRole"): string =>
  `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: ${name}}`;
const secrets = "rules: [{apiGroups: ['', storage.k8s.io], resources: [secrets, persistentvolumes], verbs: [get, create]}]";
const account = "subjects: [{kind: ServiceAccount, name: a, namespace: n}]";

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
  const within = `kind: RoleBinding\nmetadata: {name: b, namespace: n}\n${roleRef("r")}\n${account}`;
  const wide = `kind: ClusterRoleBinding\nmetadata: {name: b}\n${roleRef("r")}\n${account}`;
  expect(found(role).found[0]?.ids).toContain("persistentvolumes-create");
  expect(found(role, within).found.map(({ ids }) => ids)).toEqual([expect.not.arrayContaining(["persistentvolumes-create"])]);
  expect(found(role, within, wide).found.map(({ ids }) => ids.includes("persistentvolumes-create"))).toEqual([false, true]);
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
