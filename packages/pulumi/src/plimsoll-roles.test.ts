import { roles } from "@plimsoll/controller/roles";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { registrations } from "../testing/index.ts";
import { PlimsollRoles, type PlimsollRolesArgs } from "./plimsoll-roles.ts";

const parent = "urn:pulumi:dev::test::pulumi:pulumi:Stack$plimsoll:rbac:PlimsollRoles::rights";

test.each<PlimsollRolesArgs>([
  {},
  { features: ["pipelines"] },
  { features: ["pipelines", "pipelines"], isolation: "feature" },
  { namespaces: ["team-a", "team-b"] },
  { namespaces: ["team-a"], isolation: "feature", namespace: "batch-system" },
])("with %j each object is a child of the component, just as Plimsoll installs it", async (args) => {
  const [, component, ...children] = await registrations(() => void new PlimsollRoles("rights", args));
  expect(component).toMatchObject({ type: "plimsoll:rbac:PlimsollRoles", name: "rights" });
  const expected = roles({ ...args, features: args.features && [...new Set(args.features)] });
  // They are registered in no particular order.
  expect(children).toHaveLength(expected.length);
  expect(children.map(({ inputs }) => inputs)).toEqual(expect.arrayContaining(expected));
  expect(new Set(children.map((child) => child.parent))).toEqual(new Set([parent]));
});

test("the children's names say which object they are, and stay", async () => {
  const names = async (args: PlimsollRolesArgs): Promise<string[]> =>
    (await registrations(() => void new PlimsollRoles("rights", args)))
      .slice(2)
      .map(({ name }) => name)
      .sort();
  expect(await names({})).toEqual([
    "rights:ClusterRole:plimsoll",
    "rights:ClusterRoleBinding:plimsoll",
    "rights:Role:plimsoll-system/plimsoll",
    "rights:RoleBinding:plimsoll-system/plimsoll",
    "rights:ServiceAccount:plimsoll-system/plimsoll",
  ]);
  expect(await names({ features: ["pipelines"], namespaces: ["team-a"], isolation: "feature" })).toEqual([
    "rights:Role:plimsoll-system/plimsoll-pipelines",
    "rights:Role:team-a/plimsoll-pipelines",
    "rights:RoleBinding:plimsoll-system/plimsoll-pipelines",
    "rights:RoleBinding:team-a/plimsoll-pipelines",
    "rights:ServiceAccount:plimsoll-system/plimsoll-pipelines",
  ]);
});

test("a binding comes after the ServiceAccounts and roles, and goes before them", async () => {
  const [, , ...children] = await registrations(() => void new PlimsollRoles("rights"));
  const urnOf = ({ type, name }: (typeof children)[number]): string => `urn:pulumi:dev::test::plimsoll:rbac:PlimsollRoles$${type}::${name}`;
  const granted = children.filter(({ type }) => !type.endsWith("Binding"));
  for (const { type, after } of children) expect(after.sort()).toEqual(type.endsWith("Binding") ? granted.map(urnOf).sort() : []);
});

test("the outputs name the ServiceAccounts and the ClusterRoles", async () => {
  const outputs = async (args: PlimsollRolesArgs) => (await registrations(() => void new PlimsollRoles("rights", args)))[1]?.outputs;
  expect(await outputs({})).toEqual({ serviceAccountNames: ["plimsoll"], clusterRoleNames: ["plimsoll"] });
  expect(await outputs({ isolation: "feature", features: ["pipelines"], namespaces: ["team-a"] })).toEqual({
    serviceAccountNames: ["plimsoll-pipelines"],
    clusterRoleNames: [],
  });
});

test.each<[what: string, args: object, message: RegExp]>([
  ["a feature that there is none of", { features: ["pipeline"] }, /^features: there is no feature "pipeline"/],
  ["an empty list of features", { features: [] }, /^features: is an empty list/],
  // It would otherwise look like the whole cluster, or like nothing.
  [
    "an empty list of namespaces",
    { namespaces: [] },
    /^namespaces: is an empty list: name the namespaces, or leave it out for the whole cluster$/,
  ],
  ["a name that no namespace has", { namespaces: ["team-a", "Team B"] }, /^namespaces: "Team B" is not the name of a namespace/],
  ["a namespace without a name", { namespace: "" }, /^namespace: "" is not the name of a namespace/],
  ["an argument that there is none of", { namepsace: "a" }, /^namepsace: there is no such argument; did you mean "namespace"\?$/],
  ["an isolation that there is none of", { isolation: "features" }, /^isolation: is "features": must be shared or feature$/],
])("%s is refused before anything is registered", async (_what, args, message) => {
  let error: unknown;
  const registered = await registrations(() => {
    try {
      return void new PlimsollRoles("rights", args);
    } catch (caught) {
      error = caught;
    }
  });
  expect(error).toBeInstanceOf(pulumi.RunError);
  expect(error).toHaveProperty("message", expect.stringMatching(message));
  expect(registered.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack"]);
});
