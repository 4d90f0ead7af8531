import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { UsageError } from "../../failure.ts";
import { readRoles } from "./role-file.ts";

const apiVersion = "rbac.authorization.k8s.io/v1";
const name = fc.stringMatching(/^[a-z]{1,8}$/);
const rule = fc.oneof(
  fc.record({
    verbs: fc.array(name, { minLength: 1, maxLength: 3 }),
    apiGroups: fc.array(fc.oneof(fc.constant(""), name), { minLength: 1, maxLength: 2 }),
    resources: fc.array(name, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    verbs: fc.constant(["*"]),
    apiGroups: fc.constant(["*"]),
    resources: fc.constant(["*/scale"]),
    resourceNames: fc.array(name, { maxLength: 2 }),
  }),
);
const role = fc.record({
  apiVersion: fc.constant(apiVersion),
  kind: fc.constantFrom("Role", "ClusterRole"),
  metadata: fc.record({ name }),
  rules: fc.array(rule, { maxLength: 4 }),
});

test("roles come out of documents, of a List, of a typed list and of JSON as they went in", () => {
  fc.assert(
    fc.property(fc.array(role, { minLength: 1, maxLength: 4 }), (roles) => {
      const typed = roles.map((role) => ({ ...role, kind: "ClusterRole" }));
      const texts = [
        roles.map((role) => stringify(role, { aliasDuplicateObjects: false, version: "1.1" })).join("---\n"),
        stringify({ apiVersion: "v1", kind: "List", items: roles }, { version: "1.1", aliasDuplicateObjects: false }),
        JSON.stringify({ apiVersion: "v1", kind: "List", items: roles }, null, 1),
      ];
      for (const text of texts)
        expect(readRoles("f", text).roles).toMatchObject(roles.map(({ kind, metadata, rules }) => ({ kind, name: metadata.name, rules })));
      const list = JSON.stringify({
        apiVersion,
        kind: "ClusterRoleList",
        items: typed.map(({ metadata, rules }) => ({ metadata, rules })),
      });
      expect(readRoles("f", list).roles).toMatchObject(typed.map(({ kind, metadata, rules }) => ({ kind, name: metadata.name, rules })));
    }),
    { numRuns: 50 },
  );
});

test("each rule has the line that it begins on, whatever stands around it", () => {
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), fc.nat(3), (rules, comments) => {
      const text = `${"# a comment\n".repeat(comments)}${stringify({ apiVersion, kind: "ClusterRole", metadata: { name: "a" }, rules }, { aliasDuplicateObjects: false, version: "1.1" })}`;
      const starts = text.split("\n").flatMap((line, index) => (line.startsWith("  - verbs:") ? [index + 1] : []));
      expect(readRoles("f", text).roles[0]?.lines).toEqual(starts);
    }),
    { numRuns: 50 },
  );
});

test("bare rules and an object with rules have no name", () => {
  const bare = [{ verbs: ["get"], nonResourceURLs: ["/x"] }];
  expect(readRoles("f", stringify(bare)).roles).toEqual([{ rules: bare, source: "f", lines: [1], whole: bare }]);
  expect(readRoles("f", stringify({ rules: bare })).roles).toEqual([{ rules: bare, source: "f", lines: [2], whole: { rules: bare } }]);
});

test("documents that are no RBAC roles are told, and empty ones are not", () => {
  const text = `---\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n---\napiVersion: authorization.openshift.io/v1\nkind: Role\nmetadata: {name: o}\n---\napiVersion: ${apiVersion}\nkind: ClusterRole\nmetadata: {name: none}\nrules: null\n`;
  expect(readRoles("f", text)).toMatchObject({
    others: ["Secret s"],
    roles: [
      { name: "o", rules: [] },
      { name: "none", rules: [] },
    ],
  });
});

test("what is of another type than a text is no kind and no group", () => {
  expect(() => readRoles("f", `apiVersion: ${apiVersion}\nkind: {toString: 0}\n`)).toThrow("f:2: kind: is not a text: give a Role");
  expect(readRoles("f", "apiVersion: {toString: 0}\nkind: Role\nmetadata: {name: a}\n").others).toEqual(["Role a"]);
});

test("merge keys and lists that are null count as they do for kubectl and the API server", () => {
  const text = `x: &pods {apiGroups: [""], resources: [pods], resourceNames: null}\nrules:\n- {<<: *pods, verbs: [get]}\n`;
  expect(readRoles("f", text).roles).toMatchObject([{ rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }], lines: [3] }]);
});

test("a kind that differs from a role's in its case only is a mistake, not another kind", () => {
  expect(() => readRoles("f", `apiVersion: ${apiVersion}\nkind: clusterrole\nmetadata: {name: a}\n`)).toThrow(
    'f:2: kind: is "clusterrole": write ClusterRole',
  );
});

test("whatever is written where, a file is read or refused by one line that names it", () => {
  const junk = fc.oneof(fc.constantFrom<unknown>(null, 3, "x", "*", [], {}, [null], ["x", 3], { x: 1 }, "Role", "List"), fc.jsonValue());
  const fields = fc.constantFrom(
    "apiVersion",
    "kind",
    "metadata",
    "rules",
    "items",
    "verbs",
    "apiGroups",
    "resources",
    "resourceNames",
    "nonResourceURLs",
    "resource",
    "aggregationRule",
  );
  fc.assert(
    fc.property(role, fc.nat(3), fields, junk, fc.boolean(), (role, at, field, value, isList) => {
      const rules = role.rules.map((rule, index) => (index === at ? { ...rule, [field]: value } : rule));
      for (const object of [{ ...role, rules }, { ...role, [field]: value }, [...rules, value], { rules, [field]: value }]) {
        const text = stringify(isList ? { apiVersion: "v1", kind: "List", items: [object] } : object);
        try {
          readRoles("f", text);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          expect(error.message).toMatch(/^f:(\d+:)? .+$/);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("a Namespace that lets privileged pods in is read, and another left out", () => {
  const namespace = (name: string, level: string) =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {pod-security.kubernetes.io/enforce: ${level}}}\n`;
  expect(readRoles("f", `${namespace("open", "privileged")}---\n${namespace("shut", "baseline")}`)).toMatchObject({
    privileged: ["open"],
    others: ["Namespace shut"],
  });
});

test("an empty List is no roles, an empty text a mistake, and so is what holds itself", () => {
  expect(readRoles("f", "apiVersion: v1\nkind: List\nitems: []\n")).toEqual({
    roles: [],
    bindings: [],
    others: [],
    accounts: [],
    privileged: [],
    resources: [],
    podKinds: [],
    acceptances: [],
  });
  expect(() => readRoles("f", "---\n# nothing\n")).toThrow("f: is empty: give a Role");
  expect(() => readRoles("f", "rules: &all [*all]\n")).toThrow("f:1: not YAML that can be read: *all stands for what it is in");
});

const clusterRole = (name: string, resource: string): string =>
  JSON.stringify(
    { apiVersion, kind: "ClusterRole", metadata: { name }, rules: [{ verbs: ["get"], apiGroups: [""], resources: [resource] }] },
    null,
    1,
  );

test("JSON texts one after the other, and a JSON array of objects, are several roles with their own lines", () => {
  const [a, b] = [clusterRole("a", "pods"), clusterRole("b", "secrets")];
  const height = a.split("\n").length;
  for (const between of ["", "\n"]) {
    const { roles } = readRoles("f", `${a}${between}${b}\n`);
    expect(roles.map(({ name }) => name)).toEqual(["a", "b"]);
    expect((roles[1]?.lines[0] ?? 0) - (roles[0]?.lines[0] ?? 0)).toBe(between === "" ? height - 1 : height);
  }
  expect(readRoles("f", `[${a}, ${b}]`).roles.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(() => readRoles("f", `${a}{`)).toThrow(UsageError);
});

test("bindings are read, OpenShift's too, whose role's kind shows in its namespace", () => {
  const text = [
    `apiVersion: ${apiVersion}\nkind: RoleBinding\nmetadata: {name: b, namespace: ns}\nroleRef: {kind: ClusterRole, name: edit}\nsubjects: [{kind: ServiceAccount, name: a}]\n`,
    "apiVersion: authorization.openshift.io/v1\nkind: RoleBinding\nmetadata: {name: o, namespace: ns}\nroleRef: {name: r, namespace: ns}\nsubjects: [{kind: SystemUser, name: u}]\n",
  ].join("---\n");
  expect(readRoles("f", text).bindings).toEqual([
    {
      kind: "RoleBinding",
      name: "b",
      namespace: "ns",
      role: { kind: "ClusterRole", name: "edit" },
      subjects: [{ kind: "ServiceAccount", name: "a", namespace: "ns" }],
      source: "f",
      line: 4,
    },
    {
      kind: "RoleBinding",
      name: "o",
      namespace: "ns",
      role: { kind: "Role", name: "r" },
      subjects: [{ kind: "User", name: "u" }],
      source: "f",
      line: 10,
    },
  ]);
});

test("OpenShift's own names of users and groups count in place of subjects, in its group alone", () => {
  const binding = (apiVersion: string): string =>
    `apiVersion: ${apiVersion}\nkind: ClusterRoleBinding\nmetadata: {name: o}\nroleRef: {kind: ClusterRole, name: r}\nsubjects: [{kind: User, name: u}]\nuserNames: [ada, "system:serviceaccount:ns:a"]\ngroupNames: [devs]\n`;
  expect(readRoles("f", binding("authorization.openshift.io/v1")).bindings[0]?.subjects).toEqual([
    { kind: "User", name: "ada" },
    { kind: "ServiceAccount", name: "a", namespace: "ns" },
    { kind: "Group", name: "devs" },
  ]);
  expect(readRoles("f", binding("rbac.authorization.k8s.io/v1")).bindings[0]?.subjects).toEqual([{ kind: "User", name: "u" }]);
});

test("OpenShift's roles take no group for the core one, and an operator's permissions are roles that are bound", () => {
  const openshift =
    "apiVersion: authorization.openshift.io/v1\nkind: ClusterRole\nmetadata: {name: o}\nrules: [{attributeRestrictions: null, resources: [pods], verbs: [get]}]\n";
  expect(readRoles("f", openshift).roles).toMatchObject([{ name: "o", rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }]);
  const permissions = [{ serviceAccountName: "op", rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }] }];
  const operator = {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "ClusterServiceVersion",
    metadata: { name: "op.v1" },
    spec: { install: { spec: { clusterPermissions: permissions, permissions } } },
  };
  expect(readRoles("f", stringify(operator, { aliasDuplicateObjects: false }))).toMatchObject({
    roles: [{ kind: "ClusterRole" }, { kind: "Role" }],
    bindings: [
      { kind: "ClusterRoleBinding", subjects: [{ kind: "ServiceAccount", name: "op" }] },
      { kind: "RoleBinding", subjects: [{ kind: "ServiceAccount", name: "op" }] },
    ],
  });
});

test("a Helm template that isn't rendered is told to be one", () => {
  const text = `apiVersion: ${apiVersion}\nkind: Role\nmetadata:\n  name: {{ include "x" . }}\nrules: []\n`;
  expect(() => readRoles("f", text)).toThrow(
    "f:4: is a Helm template, and has to be rendered first: helm template CHART | plimsoll permissions risks -",
  );
});

test("what kubectl reads otherwise is told where it is a role's, and not of what stands beside", () => {
  const role = (name: string): string =>
    `apiVersion: ${apiVersion}\nkind: Role\nmetadata: {name: a}\nrules: [{apiGroups: [""], resources: [pods], resourceNames: [${name}], verbs: [get]}]\n`;
  expect(() => readRoles("f", role("on"))).toThrow("f:4: rules[0].resourceNames[0]: on is a text in YAML 1.2, and true to kubectl");
  const beside = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {volumes: [{secret: {defaultMode: 0644}}]}\n";
  expect(readRoles("f", `${beside}---\n${role("one")}`)).toMatchObject({ roles: [{ name: "a" }], others: ["Pod p"] });
});
