import type { PolicyRule } from "@plimsoll/permissions";
import { expect, test } from "vitest";
import { objectsIn } from "../cluster/manifest.ts";
import { changesOf } from "./changes.ts";
import { differenceOf } from "./difference.ts";
import { missing, type Held } from "./missing.ts";
import { rolesOf } from "./roles.ts";

const group = "rbac.authorization.k8s.io";
const config = (name: string, data = "") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ns}\ndata: {a: "${data}"}`;
const role = (...verbs: string[]) =>
  `apiVersion: ${group}/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: [{apiGroups: [""], resources: [pods], verbs: [${verbs.join(", ")}]}]`;
const binding = `apiVersion: ${group}/v1\nkind: ClusterRoleBinding\nmetadata: {name: r}\nroleRef: {apiGroup: ${group}, kind: ClusterRole, name: r}`;
const objects = (...texts: string[]) => objectsIn(texts.join("\n---\n"));
const rule = (resources: string, names: string[], ...verbs: string[]): PolicyRule => ({
  apiGroups: [resources.includes("roles") || resources.includes("bindings") ? group : ""],
  resources: [resources],
  verbs,
  ...(names.length > 0 && { resourceNames: names }),
});
const held = (here: PolicyRule[], everywhere: PolicyRule[] = []): Held => ({ everywhere, in: new Map([["ns", here]]) });
const change = rule("configmaps", ["a"], "get", "patch");
const all = rule("configmaps", ["a", "b"], "get", "patch", "create", "delete");
const onRole = rule("clusterroles", ["r"], "get", "patch");
const onBinding = rule("clusterrolebindings", ["r"], "get", "patch");
const byName = { createsByName: true };

test.each<[what: string, before: string[], after: string[], held: Held, lacks: string[]]>([
  ["an object is changed by who may get and patch it", [config("a")], [config("a", "new")], held([change]), []],
  [
    "also one that is the same has to be read and applied",
    [config("a")],
    [config("a")],
    held([]),
    ["ConfigMap a: the updater may not change it"],
  ],
  [
    "a right elsewhere is none here",
    [config("a")],
    [config("a")],
    { everywhere: [], in: new Map([["other", [change]]]) },
    ["ConfigMap a: the updater may not change it"],
  ],
  ["a new object has to be created and, if need be, deleted", [config("a")], [config("a"), config("b")], held([all]), []],
  [
    "and may be not by a right to others",
    [config("a")],
    [config("a"), config("b")],
    held([change]),
    ["ConfigMap b: the updater may not change it"],
  ],
  [
    "what is dropped has to be deleted and, if need be, created",
    [config("a"), config("b")],
    [config("a")],
    held([change, rule("configmaps", ["b"], "get", "patch")]),
    ["ConfigMap b: the updater may not delete it"],
  ],
  ["a role that is the same needs no right that it gives", [role("get")], [role("get")], held([], [onRole]), []],
  [
    "one that gives more needs it",
    [role("get")],
    [role("get", "list")],
    held([], [onRole]),
    ["ClusterRole r: it has rights that the updater lacks"],
  ],
  [
    "and so does one that gives less",
    [role("get", "list")],
    [role("get")],
    held([], [onRole]),
    ["ClusterRole r: it has rights that the updater lacks"],
  ],
  ["who holds what it gives may give it", [role("get")], [role("get", "list")], held([], [onRole, rule("pods", [], "get", "list")]), []],
  [
    "in the namespace isn't everywhere",
    [role("get")],
    [role("get", "list")],
    held([rule("pods", [], "get", "list")], [onRole]),
    ["ClusterRole r: it has rights that the updater lacks"],
  ],
  [
    "who may escalate it may give it",
    [role("get")],
    [role("get", "list")],
    held([], [onRole, rule("clusterroles", ["r"], "escalate")]),
    [],
  ],
  [
    "a binding that is changed needs what its role gives",
    [role("get"), binding],
    [role("get"), `${binding}\nsubjects: []`],
    held([], [onRole, onBinding]),
    ["ClusterRoleBinding r: it gives rights that the updater lacks"],
  ],
  [
    "or the right to bind that",
    [role("get"), binding],
    [role("get"), `${binding}\nsubjects: []`],
    held([], [onRole, onBinding, rule("clusterroles", ["r"], "bind")]),
    [],
  ],
])("%s", (_, before, after, given, lacks) => {
  expect(missing(changesOf(objects(...before), objects(...after)), given, byName)).toEqual(lacks);
});

test("where objects aren't created by name, a right to create this one is none", () => {
  const changes = changesOf(objects(config("a")), objects(config("a"), config("b")));
  expect(missing(changes, held([all]), { createsByName: false })).toEqual(["ConfigMap b: the updater may not create it"]);
  expect(missing(changes, held([all, rule("configmaps", [], "create")]), { createsByName: false })).toEqual([]);
});

test("what is kept when it leaves a release isn't dropped", () => {
  const kept = config("b").replace("namespace: ns", 'namespace: ns, annotations: {"helm.sh/resource-policy": keep}');
  expect(changesOf(objects(config("a"), kept), objects(config("a"))).dropped).toEqual([]);
});

test("a difference says what and where", () => {
  expect(differenceOf(rolesOf(objects(role("get", "watch"))), rolesOf(objects(role("get", "list"))))).toEqual([
    "- watch pods everywhere",
    "+ list pods everywhere",
  ]);
});
