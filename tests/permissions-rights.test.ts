import { builtin, gate, Transport } from "@plimsoll/kube";
import { covers, type PolicyRule } from "@plimsoll/permissions";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from "vitest";
import { parse, stringify } from "yaml";
import { file } from "./support/cli.ts";
import { live, offline, run } from "./support/permissions.ts";
import { ask } from "./support/raw-request.ts";

const { declare, allow } = gate(builtin);
const g = "rbac.authorization.k8s.io";
const permissions = declare("permissions-rights-test", [
  allow(["create", "delete"], "namespaces", "a place"),
  allow("create", "serviceaccounts", "somebody who asks"),
  allow("create", "serviceaccounts/token", "the same"),
  allow("create", `roles.${g}`, "what may be done there"),
  allow("create", `rolebindings.${g}`, "by whom"),
]);
const transport = Transport.fromKubeconfig(inject("kubeconfig"));
const client = permissions.client(transport);
const ns = `rights-${Date.now()}`;
const elsewhere = `${ns}-b`;
const account = { kind: "ServiceAccount", name: "builder", namespace: ns };

/** A Role for the account, which holds it from now on. */
async function give(name: string, apiGroups: string[], resources: string[], verbs: string[]): Promise<void> {
  await client(`roles.${g}`).create({ metadata: { namespace: ns, name }, rules: [{ apiGroups, resources, verbs }] });
  await client(`rolebindings.${g}`).create({
    metadata: { namespace: ns, name },
    roleRef: { apiGroup: g, kind: "Role", name },
    subjects: [account],
  });
}

beforeAll(async () => {
  const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
  await client("namespaces").create({ metadata: { name: ns, labels } });
  await client("namespaces").create({ metadata: { name: elsewhere } });
  await client("serviceaccounts").create({ metadata: { namespace: ns, name: account.name } });
  await give("reader", [""], ["pods", "pods/log"], ["get", "list"]);
});
afterAll(async () => {
  for (const name of [ns, elsewhere]) await client("namespaces").delete({ name });
  await transport.close();
});

async function builderKubeconfig(): Promise<string> {
  const { status } = await client("serviceaccounts/token").create({
    metadata: { namespace: ns, name: account.name },
    spec: { audiences: [], expirationSeconds: 600 },
  });
  const kubeconfig = parse(readFileSync(inject("kubeconfig"), "utf8")) as { users: { user: object }[] };
  for (const one of kubeconfig.users) one.user = { token: status?.token };
  return file("builder.kubeconfig", stringify(kubeconfig));
}

test("rights in one namespace suffice where only that is asked about", async () => {
  const kubeconfig = await builderKubeconfig();
  const whoCan = (...args: string[]) => run(["who-can", "get", "pods", "--kubeconfig", kubeconfig, ...args]);
  expect(await whoCan("-n", elsewhere)).toMatchObject({ code: 2, stderr: expect.stringContaining("is forbidden") as string });
  await give("sees-rbac", [g], ["roles", "rolebindings"], ["list"]);
  await vi.waitFor(async () => expect((await whoCan("-n", ns)).code).toBe(0), { timeout: 120_000 });
  const { stdout, stderr } = await whoCan("-n", ns);
  expect(stdout).toMatch(new RegExp(`ServiceAccount ${ns}/builder +${ns} +RoleBinding ${ns}/\\S+ +Role ${ns}/reader`));
  expect(stderr).toContain(`you may not list clusterrolebindings: who holds it in the whole cluster is left out`);
  expect((await whoCan("-A")).stderr).toContain("in the whole cluster");
});

test("whoami says who asks and what they may do, without any right", async () => {
  const { code, stdout, stderr } = await run(["whoami", "-n", ns, "--kubeconfig", await builderKubeconfig()]);
  expect({ code, stderr: stderr.replace(/note: .*\n/, "") }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(new RegExp(`^User system:serviceaccount:${ns}:builder `));
  expect(stdout).toContain(`Group system:serviceaccounts:${ns}\n`);
  expect(stdout).toMatch(new RegExp(`${ns} +get,list +pods,pods/log`));
});

test("a graph and risks --live lead to the nodes from whoever makes pods where privileged ones are let in", async () => {
  await give("deployer", [""], ["pods"], ["create"]);
  const graph = (namespace: string, kubeconfig: string) =>
    run(["graph", "-n", namespace, "--at-least", "critical", "-o", "dot", "--kubeconfig", kubeconfig]);
  const edge = `"role Role ${ns}/deployer" -> "risk the nodes" [label="privileged pods in ${ns}"]`;
  expect((await graph(ns, inject("kubeconfig"))).stdout).toContain(edge);
  expect((await graph(elsewhere, inject("kubeconfig"))).stdout).not.toContain("the nodes");
  const { stdout, stderr } = await graph(ns, await builderKubeconfig());
  expect(stdout).not.toContain("the nodes");
  expect(stderr).toContain(`note: you may not get namespace ${ns}: who reaches nodes by privileged pods is left out`);
  const risks = await run(["risks", "--live", "-n", ns, "-o", "json", "--kubeconfig", inject("kubeconfig")]);
  const nodes = (JSON.parse(risks.stdout) as { id: string; role: object }[]).filter(({ id }) => id === "nodes-in-reach");
  expect(nodes).toEqual([expect.objectContaining({ role: expect.objectContaining({ name: "deployer", namespace: ns }) as object })]);
});

test("whoever may not list the roles is told what it takes", async () => {
  const { code, stdout, stderr } = await run(["what-can", "user:ada", "--kubeconfig", await builderKubeconfig()]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(
    new RegExp(
      `^error: [a-z.0-9]+ is forbidden: User "system:serviceaccount:${ns}:builder" cannot list .*; this takes list on roles, .* in the whole cluster.*\n$`,
    ),
  );
});

test("infer reads what the API server itself logs, and finds no more than what the account holds", async () => {
  const log = join(inject("clusterFolder"), "audit.log");
  const [, user = ""] = /"username":"(system:serviceaccount:[^"]*plimsoll[^"]*)"/.exec(readFileSync(log, "utf8")) ?? [];
  const { code, stdout } = await offline("infer", "--audit-log", log, "--user", user, "-o", "json");
  expect({ user, code }).toMatchObject({ user: expect.stringContaining("plimsoll") as string, code: 0 });
  expect(stdout).toContain('"pipelineruns"');
  const inferred = JSON.parse(stdout) as { rules?: PolicyRule[]; items?: { rules: PolicyRule[] }[] };
  const held = JSON.parse((await live("what-can", user, "-o", "json")).stdout) as { rules: PolicyRule[] }[];
  const rulesOf = (roles: { rules: PolicyRule[] }[]) => roles.flatMap(({ rules }) => rules);
  expect(covers(rulesOf(held), rulesOf(inferred.items ?? [{ rules: inferred.rules ?? [] }]))).toEqual([]);
});

const rbac = `/apis/${g}/v1`;
/** A ClusterRole, bound to a user everywhere; and the user's name. */
async function giveEverywhere(name: string, rules: object[]): Promise<string> {
  const user = `${ns}-${name}`;
  expect(await ask("POST", `${rbac}/clusterroles`, { body: { metadata: { name: user }, rules } })).toMatchObject({ code: 201 });
  const binding = {
    metadata: { name: user },
    roleRef: { apiGroup: g, kind: "ClusterRole", name: user },
    subjects: [{ kind: "User", name: user, apiGroup: g }],
  };
  expect(await ask("POST", `${rbac}/clusterrolebindings`, { body: binding })).toMatchObject({ code: 201 });
  onTestFinished(async () => {
    for (const resource of ["clusterrolebindings", "clusterroles"]) await ask("DELETE", `${rbac}/${resource}/${user}`);
  });
  return user;
}

test("beside a CRD named groups, who may impersonate groups is still asked of Kubernetes' own; and a CRD's pods are known from the live OpenAPI", async () => {
  const group = `${ns}.example.com`;
  const text = { type: "string" };
  const containers = { type: "array", items: { type: "object", properties: { name: text, image: text } } };
  const template = { type: "object", properties: { spec: { type: "object", properties: { containers } } } };
  const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const crd = {
    metadata: { name: `groups.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "groups", singular: "group", kind: "Group" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: { template } } } } },
        },
      ],
    },
  };
  expect(await ask("POST", crds, { body: crd })).toMatchObject({ code: 201 });
  onTestFinished(async () => void (await ask("DELETE", `${crds}/groups.${group}`)));
  const impersonator = await giveEverywhere("impersonator", [{ apiGroups: [""], resources: ["groups"], verbs: ["impersonate"] }]);
  const maker = await giveEverywhere("maker", [
    { apiGroups: [group], resources: ["groups"], verbs: ["create", "impersonate"] },
    { apiGroups: [""], resources: ["pod"], verbs: ["get"] },
  ]);
  await vi.waitFor(async () => expect((await live("who-can", "create", "groups", "-n", ns)).stdout).toContain(`User ${maker} `), {
    timeout: 120_000,
  });
  const { stdout, stderr } = await live("who-can", "impersonate", "groups");
  expect(stdout).toContain(`User ${impersonator} `);
  expect(stdout).not.toContain(maker);
  expect(stderr).toContain('note: this is about groups of the API group ""');
  expect((await live("who-can", "impersonate", "group")).stdout).toBe(stdout);
  expect((await live("who-can", "impersonate", "groups", "--group", group, "-n", ns)).stdout).toContain(`User ${maker} `);
  await vi.waitFor(
    async () => {
      const found = JSON.parse((await live("risks", "--live", "-o", "json")).stdout) as { id: string; binding: string }[];
      expect(found).toContainEqual(expect.objectContaining({ id: "workloads-write", binding: `ClusterRoleBinding ${maker}` }) as object);
    },
    { timeout: 120_000 },
  );
  const role = await live("risks", `clusterrole/${maker}`);
  expect(role.stdout).toMatch(/^high +workloads-write /m);
  expect(role.stderr).toContain(`note: clusterrole/${maker}: rule 2: nothing is granted by the resource "pod": write the plural, pods`);
  expect((await live("graph", "-o", "dot")).stdout).toContain(`"role ClusterRole ${maker}" -> "risk workloads-write"`);
  // By its singular, which the cluster knows.
  expect((await live("matrix", `group.${group}`, "-n", ns, "--subjects", `^User ${maker}$`)).stdout).toMatch(
    new RegExp(`^User ${maker} +create$`, "m"),
  );
});

test("a Role grants nothing that is in no namespace: the API server refuses it, and so say allows, who-can and what-can", async () => {
  const name = "sees-cluster";
  await give(name, ["", "storage.k8s.io"], ["nodes", "namespaces", "storageclasses", "configmaps"], ["get", "list"]);
  const as = `system:serviceaccount:${ns}:${account.name}`;
  await vi.waitFor(async () => expect(await ask("GET", `/api/v1/namespaces/${ns}/configmaps`, { as })).toMatchObject({ code: 200 }), {
    timeout: 120_000,
  });
  for (const [path, resource, code] of [
    ["/api/v1/nodes", "nodes", 403],
    ["/api/v1/namespaces", "namespaces", 403],
    ["/apis/storage.k8s.io/v1/storageclasses", "storageclasses", 403],
    [`/api/v1/namespaces/${ns}/configmaps`, "configmaps", 200],
  ] as const) {
    expect({ path, code: (await ask("GET", path, { as })).code }).toEqual({ path, code });
    const allows = await live("allows", "--rules", `role/${name}`, "-n", ns, "--verb", "list", "--resource", resource);
    expect({ resource, code: allows.code }).toEqual({ resource, code: code === 200 ? 0 : 1 });
    const isAmong = (await live("who-can", "list", resource, "-n", ns)).stdout.includes(`${ns}/${name}`);
    expect({ resource, isAmong }).toEqual({ resource, isAmong: code === 200 });
  }
  expect((await ask("GET", `/api/v1/namespaces/${ns}`, { as })).code).toBe(200);
  const { stdout } = await live("what-can", `${ns}/${account.name}`, "-o", "json");
  const held = (JSON.parse(stdout) as { role: { name: string }; rules: object[] }[]).find(({ role }) => role.name === name);
  expect(held?.rules).toEqual([
    expect.objectContaining({ resources: ["namespaces"], verbs: ["get"] }),
    expect.objectContaining({ resources: ["configmaps"], verbs: ["get", "list"] }),
  ]);
});

test("who holds escalate writes, and who holds bind binds, what they lack, and nobody else; covers says so", async () => {
  const wanted = file(
    "wanted.yaml",
    `apiVersion: ${g}/v1\nkind: ClusterRole\nmetadata: {name: ${ns}-wanted}\nrules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]\n`,
  );
  const role = (name: string) => ({ metadata: { name }, rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }] });
  expect(await ask("POST", `${rbac}/clusterroles`, { body: role(`${ns}-wanted`) })).toMatchObject({ code: 201 });
  onTestFinished(async () => void (await ask("DELETE", `${rbac}/clusterroles/${ns}-wanted`)));
  const writes = { apiGroups: [g], resources: ["clusterroles", "rolebindings"], verbs: ["create"] };
  const more = (verb: string) => ({ apiGroups: [g], resources: ["clusterroles"], verbs: [verb] });
  const covering = (user: string) => live("covers", "--owner", `clusterrole/${user}`, "--servant", wanted);
  for (const [verb, written, bound] of [
    ["get", 403, 403],
    ["escalate", 201, 403],
    ["bind", 403, 201],
  ] as const) {
    const user = await giveEverywhere(`owner-${verb}`, [writes, more(verb)]);
    const probe = { apiGroups: ["probe"], resources: ["probes"], verbs: ["get"] };
    // What nobody lacks tells when the authorizer knows the binding.
    const empty = (name: string) => ({ metadata: { name: `${user}-${name}` }, rules: [] });
    await vi.waitFor(
      async () => expect([201, 409]).toContain((await ask("POST", `${rbac}/clusterroles`, { as: user, body: empty("empty") })).code),
      { timeout: 120_000 },
    );
    onTestFinished(async () => {
      for (const name of ["empty", "probe"]) await ask("DELETE", `${rbac}/clusterroles/${user}-${name}`);
    });
    const body = { ...role(`${user}-probe`), rules: [...role("").rules, probe] };
    const binding = {
      metadata: { name: user },
      roleRef: { apiGroup: g, kind: "ClusterRole", name: `${ns}-wanted` },
      subjects: [{ kind: "User", name: user, apiGroup: g }],
    };
    const answers = [
      await ask("POST", `${rbac}/clusterroles`, { as: user, body }),
      await ask("POST", `${rbac}/namespaces/${ns}/rolebindings`, { as: user, body: binding }),
    ];
    expect({ verb, codes: answers.map(({ code }) => code) }).toEqual({ verb, codes: [written, bound] });
    const { code, stderr } = await covering(user);
    expect({ verb, code }).toEqual({ verb, code: written === 201 ? 0 : 1 });
    expect(stderr.includes("the API server lets it be written with what it lacks")).toBe(written === 201);
    expect(stderr.includes("the API server lets it be bound with what it lacks")).toBe(bound === 201);
  }
});
