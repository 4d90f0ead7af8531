import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { readRoles } from "./role-file.ts";

const apiVersion = "rbac.authorization.k8s.io/v1";
const name = fc.stringMatching(/^[a-z]{1,8}$/);
const rule = fc.oneof(
  fc.record({ verbs: fc.array(name, { minLength: 1, maxLength: 3 }), apiGroups: fc.array(fc.oneof(fc.constant(""), name), { minLength: 1, maxLength: 2 }), resources: fc.array(name, { minLength: 1, maxLength: 3 }) }),
  fc.record({ verbs: fc.constant(["*"]), apiGroups: fc.constant(["*"]), resources: fc.constant(["*/scale"]), resourceNames: fc.array(name, { maxLength: 2 }) }),
);
const role = fc.record({ apiVersion: fc.constant(apiVersion), kind: fc.constantFrom("Role", "ClusterRole"), metadata: fc.record({ name }), rules: fc.array(rule, { maxLength: 4 }) });

test("roles come out of documents, of a List, of a typed list and of JSON as they went in", () => {
  fc.assert(
    fc.property(fc.array(role, { minLength: 1, maxLength: 4 }), (roles) => {
      const typed = roles.map((role) => ({ ...role, kind: "ClusterRole" }));
      const texts = [
        roles.map((role) => stringify(role, { aliasDuplicateObjects: false })).join("---\n"),
        stringify({ apiVersion: "v1", kind: "List", items: roles }),
        JSON.stringify({ apiVersion: "v1", kind: "List", items: roles }, null, 1),
      ];
      for (const text of texts) expect(readRoles("f", text).roles).toMatchObject(roles.map(({ kind, metadata, rules }) => ({ kind, name: metadata.name, rules })));
      const list = JSON.stringify({ apiVersion, kind: "ClusterRoleList", items: typed.map(({ metadata, rules }) => ({ metadata, rules })) });
      expect(readRoles("f", list).roles).toMatchObject(typed.map(({ kind, metadata, rules }) => ({ kind, name: metadata.name, rules })));
    }),
    { numRuns: 50 },
  );
});

test("each rule has the line that it begins on, whatever stands around it", () => {
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), fc.nat(3), (rules, comments) => {
      const text = `${"# a comment\n".repeat(comments)}${stringify({ apiVersion, kind: "ClusterRole", metadata: { name: "a" }, rules }, { aliasDuplicateObjects: false })}`;
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
  expect(readRoles("f", text)).toMatchObject({ others: ["Secret s", "Role o"], roles: [{ name: "none", rules: [] }] });
});
