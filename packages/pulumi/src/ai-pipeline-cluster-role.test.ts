import { permissions } from "@plimsoll/features/pipelines";
import { atoms, covers, diff, type PolicyRule } from "@plimsoll/permissions";
import { aiPipeline, rulesOf } from "@plimsoll/permissions/roles";
import * as pulumi from "@pulumi/pulumi";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registrations, type Registration } from "../testing/index.ts";
import { AiPipelineClusterRole, type AiPipelineClusterRoleArgs } from "./ai-pipeline-cluster-role.ts";

const type = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole";
const stack = "urn:pulumi:dev::test::pulumi:pulumi:Stack::test-dev";
const component = "urn:pulumi:dev::test::pulumi:pulumi:Stack$plimsoll:rbac:AiPipelineClusterRole::ai-pipeline-cluster-role";

let folder = "";
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "plimsoll-pulumi-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (pipeline: string): string =>
  `apiVersion: plimsoll.dev/v1alpha1\nkind: PipelineRun\nmetadata: {generateName: r-}\nspec:\n  pipeline:\n    ${pipeline}\n`;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function clusterRole(args?: AiPipelineClusterRoleArgs, opts?: pulumi.ComponentResourceOptions): Promise<Registration> {
  const registered = await registrations(() => void new AiPipelineClusterRole("ai-pipeline-cluster-role", args, opts));
  const role = registered.find((resource) => resource.type === type);
  if (role === undefined) throw new Error("no ClusterRole was registered");
  return role;
}

async function rulesWith(args: AiPipelineClusterRoleArgs): Promise<PolicyRule[]> {
  return (await clusterRole(args)).inputs.rules ?? [];
}

test("by default the ClusterRole is the published one, rule for rule", async () => {
  const all = ["get", "list", "watch", "create", "update", "patch", "delete"];
  expect((await clusterRole()).inputs).toEqual({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "ai-pipeline-cluster-role" },
    rules: [
      { apiGroups: [""], resources: ["pods", "pods/log", "services", "endpoints", "persistentvolumeclaims"], verbs: all },
      { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: all },
    ],
  });
});

test("the ClusterRole is the component's child, and its name is the component's and the program's output", async () => {
  const registered = await registrations(() => ({
    clusterRoleName: new AiPipelineClusterRole("ai-pipeline-cluster-role", { name: pulumi.output("trainers") }).clusterRoleName,
  }));
  expect(registered.map(({ type, name, parent, outputs }) => ({ type, name, parent, outputs }))).toEqual([
    { type: "pulumi:pulumi:Stack", name: "test-dev", parent: "", outputs: { clusterRoleName: "trainers" } },
    {
      type: "plimsoll:rbac:AiPipelineClusterRole",
      name: "ai-pipeline-cluster-role",
      parent: stack,
      outputs: { clusterRoleName: "trainers" },
    },
    { type, name: "ai-pipeline-cluster-role", parent: component, outputs: undefined },
  ]);
});

test("the ClusterRole of a program that made it itself is taken over, and the component's own aliases are kept", async () => {
  const registered = await registrations(
    () => void new AiPipelineClusterRole("ai-pipeline-cluster-role", {}, { aliases: [{ name: "training" }] }),
  );
  expect(registered[1]?.aliases).toEqual([{ name: "training", type: "plimsoll:rbac:AiPipelineClusterRole", parent: stack }]);
  expect(registered[2]?.aliases).toContainEqual({ name: "ai-pipeline-cluster-role", type, parent: undefined });
});

test("the component may have a parent of its own", async () => {
  const registered = await registrations(() => {
    const parent = new pulumi.ComponentResource("test:index:Team", "team");
    return void new AiPipelineClusterRole("ai-pipeline-cluster-role", {}, { parent });
  });
  expect(registered.map(({ parent }) => parent)).toEqual([
    "",
    stack,
    "urn:pulumi:dev::test::pulumi:pulumi:Stack$test:index:Team::team",
    "urn:pulumi:dev::test::test:index:Team$plimsoll:rbac:AiPipelineClusterRole::ai-pipeline-cluster-role",
  ]);
});

test("name, labels and annotations may be another resource's outputs", async () => {
  const { inputs } = await clusterRole({
    name: pulumi.output("trainers"),
    labels: { team: pulumi.output("ml") },
    annotations: pulumi.output({ owner: "ml" }),
  });
  expect(inputs.metadata).toEqual({ name: "trainers", labels: { team: "ml" }, annotations: { owner: "ml" } });
});

test("customResources: true adds the published optional rule at the end", async () => {
  const rules = await rulesWith({ customResources: true });
  expect(rules).toEqual(rulesOf(aiPipeline, { optional: true }));
  expect(rules.at(-1)).toEqual({
    apiGroups: ["apiextensions.k8s.io"],
    resources: ["customresourcedefinitions"],
    verbs: ["get", "list", "watch", "create", "delete"],
  });
});

test("customResources with names holds the rule to them, except that create can't be", async () => {
  const rules = await rulesWith({ customResources: ["pipelines.plimsoll.dev", "sparkjobs.example.com"] });
  const definitions = { apiGroups: ["apiextensions.k8s.io"], resources: ["customresourcedefinitions"] };
  expect(rules).toEqual([
    ...rulesOf(aiPipeline),
    { ...definitions, resourceNames: ["pipelines.plimsoll.dev", "sparkjobs.example.com"], verbs: ["get", "list", "watch", "delete"] },
    { ...definitions, verbs: ["create"] },
  ]);
  expect(covers(rulesOf(aiPipeline, { optional: true }), rules)).toEqual([]);
});

test.each<[boolean | string[]]>([[false], [[]]])("customResources: %j adds nothing", async (customResources) => {
  expect(await rulesWith({ customResources })).toEqual(rulesOf(aiPipeline));
});

test("least gives what the pipelines feature declares, without what RBAC doesn't know", async () => {
  const rules = await rulesWith({ least: true });
  expect(diff(rules, permissions.rules)).toEqual({ onlyA: [], onlyB: [] });
  expect(new Set(rules.flatMap((rule) => Object.keys(rule)))).toEqual(new Set(["apiGroups", "resources", "verbs"]));
});

test("least leaves out most of the published role, and all that changes pods or writes services", async () => {
  const least = await rulesWith({ least: true });
  expect(covers(least, rulesOf(aiPipeline)).length).toBeGreaterThan((atoms(rulesOf(aiPipeline)).length * 3) / 4);
  const dangerous: PolicyRule[] = [
    { apiGroups: [""], resources: ["pods"], verbs: ["update", "patch"] },
    { apiGroups: [""], resources: ["services"], verbs: ["create", "delete", "update", "patch"] },
  ];
  expect(covers(least, dangerous)).toEqual(atoms(dangerous));
});

test("for a file, the role has what its pipelines need and no more", async () => {
  const single = await rulesWith({ for: file("single.yaml", run("steps: [{name: a, image: busybox, script: date}]")) });
  expect(resourcesOf(single)).not.toContain("configmaps");
  expect(resourcesOf(single)).not.toContain("persistentvolumeclaims");
  expect(resourcesOf(single)).toContain("pods");
  expect(covers(permissions.rules, single)).toEqual([]);
});

test("for several files, the role has what each of them needs", async () => {
  const fanOut = file("fan-out.yaml", run("steps: [{name: a, image: busybox, forEach: [1, 2], script: date}]"));
  const shared = file("shared.yaml", run("workspace: {size: 1Gi}\n    steps: [{name: a, image: busybox, script: date}]"));
  const rules = await rulesWith({ for: [fanOut, shared], customResources: true });
  expect(resourcesOf(rules)).toEqual(expect.arrayContaining(["pods", "persistentvolumeclaims", "customresourcedefinitions"]));
});

function resourcesOf(rules: PolicyRule[]): string[] {
  return rules.flatMap(({ resources }) => resources ?? []);
}

test.each<[what: string, args: () => object, message: RegExp]>([
  ...["", ".", "..", "a/b", "a%b"].map((name): [string, () => object, RegExp] => [
    `the name ${JSON.stringify(name)}`,
    () => ({ name }),
    /^name: is ".*": a ClusterRole's name is not empty, \. or \.\., and has no \/ and no %$/,
  ]),
  ["an argument that there is none of", () => ({ leest: true }), /^leest: there is no such argument; did you mean "least"\?$/],
  [
    "a single name for a list",
    () => ({ customResources: "a.example.com" }),
    /^customResources: is "a\.example\.com": give a list of names$/,
  ],
  [
    "a resource for a definition's name",
    () => ({ customResources: ["customresourcedefinitions"] }),
    /^customResources: "customresourcedefinitions" is not the name of a CustomResourceDefinition: give PLURAL\.GROUP, as in pipelines\.plimsoll\.dev, or true/,
  ],
  [
    "a wildcard for a definition's name",
    () => ({ customResources: ["a.example.com", "*.example.com"] }),
    /^customResources: "\*\.example\.com" is not/,
  ],
  ["least beside for", () => ({ least: true, for: "x.yaml" }), /^least and for: give one of them/],
  ["a text for a truth value", () => ({ least: "false" }), /^least: is "false": must be true or false$/],
  ["a number for a file", () => ({ for: 3 }), /^for: is 3: give a list of names$/],
  ["a list with what is no file", () => ({ for: [null] }), /^for: is null: give the path of a file$/],
  ["no files at all", () => ({ for: [] }), /^for: is an empty list/],
  ["a file that isn't there", () => ({ for: join(folder, "none.yaml") }), /^for: .+\/none\.yaml: cannot be read: ENOENT/],
  [
    "an empty file",
    () => ({ for: file("empty.yaml", "---\n") }),
    /^for: .+\/empty\.yaml: the file is empty: give a Pipeline or a PipelineRun$/,
  ],
  [
    "a file with another kind",
    () => ({ for: file("pod.yaml", "apiVersion: v1\nkind: Pod\n") }),
    /^for: .+\/pod\.yaml:1: apiVersion: is "v1": must be plimsoll\.dev\/v1alpha1$/,
  ],
  [
    "a pipeline that isn't valid",
    () => ({ for: file("cycle.yaml", run("steps: [{name: a, image: b, script: date, needs: [c]}]")) }),
    /^for: .+\/cycle\.yaml:6: spec\.pipeline\.steps\[0\]\.needs\[0\]: /,
  ],
])("%s is refused before anything is registered", async (_what, args, message) => {
  let error: unknown;
  const registered = await registrations(() => {
    try {
      return void new AiPipelineClusterRole("a", args());
    } catch (caught) {
      error = caught;
    }
  });
  expect(error).toBeInstanceOf(pulumi.RunError);
  expect(error).toHaveProperty("message", expect.stringMatching(message));
  expect(registered.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack"]);
});
