import { grantsOf } from "@plimsoll/controller";
import { roles, type RolesOptions } from "@plimsoll/controller/roles";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { UsageError } from "../../failure.ts";
import { chosenIn, rendered } from "./render.ts";

const cases: [what: string, options: RolesOptions][] = [
  ["for the cluster", {}],
  ["for some namespaces", { namespaces: ["team-a", "team-b"], namespace: "ops" }],
  ["for each feature", { isolation: "feature" }],
];

test.each(cases)("%s, YAML and JSON hold the roles", (_what, options) => {
  expect(parseAllDocuments(rendered("yaml", options)).map((document) => document.toJS() as unknown)).toEqual(roles(options));
  expect(JSON.parse(rendered("json", options))).toEqual({ apiVersion: "v1", kind: "List", items: roles(options) });
});

test.each(cases)("%s, the Pulumi program makes the roles", (_what, options) => {
  const made: object[] = [];
  const klass = (apiVersion: string, kind: string) =>
    function make(_name: string, args: object): void {
      made.push({ apiVersion, kind, ...args });
    };
  const rbac = Object.fromEntries(
    ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"].map((kind) => [kind, klass("rbac.authorization.k8s.io/v1", kind)]),
  );
  const program = rendered("pulumi", options).replace('import * as kubernetes from "@pulumi/kubernetes";\n', "");
  // oxlint-disable-next-line no-new-func -- the program is what is tested
  new Function("kubernetes", program)({ core: { v1: { ServiceAccount: klass("v1", "ServiceAccount") } }, rbac: { v1: rbac } });
  expect(made).toEqual(roles(options));
});

test.each(["yaml", "pulumi"] as const)("in %s the feature and the reason stand above each rule", (format) => {
  const comments = [...rendered(format, {}).matchAll(/^ *(?:#|\/\/) (.*)\n *(?:- |\{ )apiGroups/gm)].map(([, comment]) => comment);
  expect(comments).toEqual(grantsOf().flatMap(({ rules }) => rules.map(({ feature, reason }) => `${feature}: ${reason}`)));
});

test("an unknown feature is a usage error", () => {
  expect(() => rendered("yaml", { features: ["pipeline"] })).toThrow(UsageError);
});

test("a configuration file chooses the features that are on, and the namespaces; one with a mistake is a usage error", () => {
  expect(chosenIn("namespaces: [team-a]", "p.yaml")).toMatchObject({
    features: ["pipelines", "schedules"],
    lease: "plimsoll",
    namespaces: ["team-a"],
  });
  expect(chosenIn("features: {pipelines: {enabled: false}, schedules: {enabled: false}}", "p.yaml")).toMatchObject({
    features: [],
    namespaces: undefined,
    lease: "plimsoll",
  });
  expect(() => chosenIn("namespace: [a]", "p.yaml")).toThrow(
    new UsageError('p.yaml:1: namespace: there is no such field; did you mean "namespaces"?'),
  );
});

test("rules that a configuration file adds are rendered, with their reasons", () => {
  const file = "features: {pipelines: {enabled: false}, schedules: {kinds: [{apiVersion: batch/v1, kind: Job, resource: jobs}]}}";
  const text = rendered("yaml", chosenIn(file, "p.yaml"));
  expect(text).toContain("# schedules: features.schedules.kinds: to make them");
  const json = rendered("json", chosenIn(file, "p.yaml")).replaceAll(/\s/g, "");
  expect(json).toContain('"apiGroups":["batch"],"resources":["jobs"],"verbs":["get","create"]');
});

test("of a feature that is off, no rule is rendered: what is left is what every process does", () => {
  const text = rendered("yaml", { features: [] });
  expect(text).toContain("# leader-election: ");
  expect(text).not.toContain("# pipelines: ");
});
