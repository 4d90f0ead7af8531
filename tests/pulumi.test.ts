import { permissions as pipelines } from "@plimsoll/features/pipelines";
import { builtin, gate, Transport } from "@plimsoll/kube";
import { atomText, atoms, requestFor, type Atom, type PolicyRule, type ResourceAtom } from "@plimsoll/permissions";
import { aiPipeline, rulesOf } from "@plimsoll/permissions/roles";
import { AiPipelineClusterRole, PlimsollRoles, type AiPipelineClusterRoleArgs } from "@plimsoll/pulumi";
import { randomBytes } from "node:crypto";
import { afterAll, expect, inject, test } from "vitest";
import { allowed as reviewed, untilAllowed } from "../bench/reviews.ts";
import { registrations, type Inputs } from "../packages/pulumi/testing/index.ts";
import { place } from "./support/cluster.ts";

const { declare, allow } = gate(builtin);

const permissions = declare("pulumi", [
  allow(["create", "patch"], "serviceaccounts", "to apply what a program makes"),
  allow(["create", "patch"], "clusterroles.rbac.authorization.k8s.io", "to apply what a program makes"),
  allow(["create", "patch"], "roles.rbac.authorization.k8s.io", "to apply what a program makes"),
  allow(["create", "patch"], "rolebindings.rbac.authorization.k8s.io", "to apply what a program makes"),
  allow("create", "clusterrolebindings.rbac.authorization.k8s.io", "to bind a role to a user"),
]);

const transport = Transport.fromKubeconfig(inject("kubeconfig"), { userAgent: "tests" });
afterAll(() => transport.close());
const client = permissions.client(transport);

/** What is around the published role: its atoms, other verbs, subresources, and resources and groups that stand near. */
const verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "use", "*"];
const near: Record<string, string> = {
  "": "pods pods/log pods/status pods/exec pods/attach pods/portforward pods/proxy pods/eviction pods/ephemeralcontainers pods/binding services services/status services/proxy endpoints persistentvolumeclaims persistentvolumeclaims/status persistentvolumes secrets configmaps events nodes namespaces serviceaccounts serviceaccounts/token replicationcontrollers jobs cronjobs *",
  batch: "jobs jobs/status jobs/finalizers cronjobs cronjobs/status pods services *",
  "apiextensions.k8s.io": "customresourcedefinitions customresourcedefinitions/status jobs *",
  "plimsoll.dev": "pipelines pipelineruns pipelineruns/status",
  "rbac.authorization.k8s.io": "clusterroles clusterrolebindings roles rolebindings",
  "discovery.k8s.io": "endpointslices",
  apps: "deployments pods",
  "*": "pods jobs *",
};
const surroundings: ResourceAtom[] = Object.entries(near).flatMap(([group, resources]) =>
  resources.split(" ").flatMap((resource) => verbs.map((verb) => ({ verb, group, resource }))),
);

/** The atoms of rules, and the surroundings. */
function around(rules: readonly PolicyRule[]): Atom[] {
  return [...new Map([...surroundings, ...atoms(rules)].map((atom) => [atomText(atom), atom])).values()];
}

const definitions = { group: "apiextensions.k8s.io", resource: "customresourcedefinitions" };
const onNamed = ["get", "list", "watch", "delete", "update", "patch", "create", "deletecollection"].flatMap((verb) =>
  ["own.example.com", "other.example.com"].map((name) => ({ verb, ...definitions, name })),
);

test.concurrent.each<[what: string, args: AiPipelineClusterRoleArgs, granted: readonly PolicyRule[]]>([
  ["the published role", {}, rulesOf(aiPipeline)],
  ["the published role with its optional rule", { customResources: true }, rulesOf(aiPipeline, { optional: true })],
  ["the least role", { least: true }, pipelines.rules],
])("the API server grants %s, atom by atom, and nothing around it", async (_what, args, granted) => {
  const user = await bound(args);
  expect(await allowed(user, around(granted))).toEqual(sorted(atoms(granted)));
});

test.concurrent("the API server holds the optional rule to the names that it was given, but for create", async () => {
  const user = await bound({ customResources: ["own.example.com"] });
  const expected = [
    ...["get", "list", "watch", "delete", "create"].map((verb) => ({ verb, ...definitions, name: "own.example.com" })),
    { verb: "create", ...definitions, name: "other.example.com" },
  ];
  expect(await allowed(user, onNamed)).toEqual(sorted(expected));
  expect(await allowed(user, surroundings)).toEqual(sorted([...atoms(rulesOf(aiPipeline)), { verb: "create", ...definitions }]));
});

test.concurrent("the API server grants Plimsoll's features what they declare, and in the chosen namespace alone", async () => {
  const { namespace } = await place();
  const registered = await recorded(
    () => void new PlimsollRoles("rights", { features: ["pipelines"], namespaces: [namespace], namespace }),
  );
  for (const inputs of registered) await apply(inputs);
  const user = `system:serviceaccount:${namespace}:plimsoll`;
  await inForce(user, pipelines.rules, namespace);
  expect(await allowed(user, around(pipelines.rules), namespace)).toEqual(sorted(atoms(pipelines.rules)));
  expect(await allowed(user, around(pipelines.rules), "default")).toEqual([]);
  expect(await allowed(user, around(pipelines.rules))).toEqual([]);
});

/** Applies a ClusterRole as a program makes it, under a name of its own, and binds it to a user made up for it. */
async function bound(args: AiPipelineClusterRoleArgs): Promise<string> {
  const name = `t-${randomBytes(4).toString("hex")}`;
  const [role] = await recorded(() => void new AiPipelineClusterRole("ai-pipeline-cluster-role", { ...args, name }));
  if (role === undefined) throw new Error("the program made nothing");
  await apply(role);
  const group = { apiGroup: "rbac.authorization.k8s.io" };
  await client("clusterrolebindings.rbac.authorization.k8s.io").create({
    metadata: { name },
    roleRef: { ...group, kind: "ClusterRole", name },
    subjects: [{ ...group, kind: "User", name }],
  });
  await inForce(name, role.rules ?? []);
  return name;
}

let recording: Promise<unknown> = Promise.resolve();

/** The objects that a program makes. Pulumi's engine is the process's only one, so the programs run one after the other. */
async function recorded(program: () => void): Promise<Inputs[]> {
  const registered = recording.then(() => registrations(program));
  recording = registered;
  return (await registered).map(({ inputs }) => inputs).filter(({ kind }) => kind !== undefined);
}

/** As Pulumi's provider does: a server-side apply. */
async function apply(inputs: Inputs): Promise<void> {
  const { kind, metadata: { name, namespace = "" } = { name: "" } } = inputs;
  const options = { type: "apply", fieldManager: "pulumi-kubernetes" } as const;
  if (kind === "ServiceAccount") await client("serviceaccounts").patch({ namespace, name }, inputs, options);
  else if (kind === "ClusterRole") await client("clusterroles.rbac.authorization.k8s.io").patch({ name }, inputs, options);
  else if (kind === "Role") await client("roles.rbac.authorization.k8s.io").patch({ namespace, name }, inputs, options);
  else if (kind === "RoleBinding") await client("rolebindings.rbac.authorization.k8s.io").patch({ namespace, name }, inputs, options);
  else throw new Error(`nothing here applies a ${kind}`);
}

/** Waits until the authorizer has seen the role and its binding. */
async function inForce(user: string, rules: readonly PolicyRule[], namespace?: string): Promise<void> {
  const [atom] = atoms(rules);
  if (atom === undefined) throw new Error("the role is empty");
  await untilAllowed(transport, user, requestFor(atom, namespace));
}

/** Those of the atoms that the API server allows a user, 32 questions at once; without a namespace, in all of them. */
async function allowed(user: string, asked: readonly Atom[], namespace?: string): Promise<string[]> {
  const found: Atom[] = [];
  const questions = asked.values();
  const ask = async (): Promise<void> => {
    for (const atom of questions) if (await reviewed(transport, user, requestFor(atom, namespace))) found.push(atom);
  };
  await Promise.all(Array.from({ length: 32 }, ask));
  return sorted(found);
}

function sorted(atoms: readonly Atom[]): string[] {
  return atoms.map((atom) => atomText(atom)).sort();
}
