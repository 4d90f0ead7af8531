import { builtin, gate, Transport } from "@plimsoll/kube";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { parse, stringify } from "yaml";
import { file } from "./support/cli.ts";
import { run } from "./support/permissions.ts";

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
