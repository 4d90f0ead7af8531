import { spawnSync } from "node:child_process";
import { expect, expectTypeOf, test } from "vitest";
import type { Job } from "kubernetes-types/batch/v1.d.ts";
import { builtin } from "./builtin.ts";
import { UndeclaredCallError } from "./errors.ts";
import { gate } from "./gate.ts";
import { connectionOf, parseKubeconfig } from "./kubeconfig.ts";
import { resource, type Stored } from "./resource.ts";
import { Transport } from "./transport.ts";

interface Ship {
  metadata?: { name?: string; namespace?: string };
  spec: { draught: number };
}

const told: UndeclaredCallError[] = [];
const { declare, allow } = gate(
  {
    ...builtin,
    "ships.plimsoll.dev": resource<Ship>({ group: "plimsoll.dev", version: "v1", plural: "ships", kind: "Ship", namespaced: true }),
  },
  { onUndeclared: (error) => told.push(error) },
);

const permissions = declare("harbour", [
  allow(["get", "list"], "pods", "to see them"),
  allow("delete", "pods", "to end them"),
  allow("create", "jobs.batch", "to start them"),
  allow("get", "pods/log", "to read them"),
  allow("get", "nodes", "to count them"),
  allow("patch", "ships.plimsoll.dev", "to load them"),
]);

const nowhere = "{clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}], contexts: [{name: c, context: {cluster: c}}], current-context: c}";
const asked: string[] = [];
const transport = new Transport(connectionOf(parseKubeconfig(nowhere, "the test", "/")), { onResponse: ({ path }) => asked.push(path) });
const client = permissions.client(transport);

test("a declaration lists its rules with their reasons", () => {
  expect(permissions.rules.slice(1, 4)).toEqual([
    { apiGroups: [""], resources: ["pods"], verbs: ["delete"], scope: "chosen", reason: "to end them" },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"], scope: "chosen", reason: "to start them" },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"], scope: "chosen", reason: "to read them" },
  ]);
  expect(permissions.rules[4]).toMatchObject({ resources: ["nodes"], scope: "cluster" });
});

test("the verbs of several rules on one resource add up, and objects have their kind's type", () => {
  expectTypeOf<keyof ReturnType<typeof client<"pods">>>().toEqualTypeOf<"get" | "list" | "pages" | "delete">();
  expectTypeOf(client("jobs.batch").create).returns.resolves.toEqualTypeOf<Stored<Job>>();
  expectTypeOf<ReturnType<typeof client<"ships.plimsoll.dev">>["patch"]>().returns.resolves.toEqualTypeOf<Stored<Ship>>();
  expectTypeOf<keyof ReturnType<typeof client<"pods/log">>>().toEqualTypeOf<"read">();
});

test("an undeclared call does not compile, and is refused before any request when types were bypassed", () => {
  const pod = { namespace: "n", name: "p" };
  const calls = [
    // @ts-expect-error pods may not be created
    () => client("pods").create({}),
    // @ts-expect-error nor watched
    () => client("pods").watch({ resourceVersion: "1" }),
    // @ts-expect-error nothing was declared on secrets
    () => client("secrets").get(pod),
  ];
  for (const call of calls) expect(call).toThrow(UndeclaredCallError);
  expect(calls[0]).toThrow('feature "harbour" does not declare "create" on "pods": add allow("create", "pods", "<reason>")');
  expect(asked).toEqual([]);
  expect(told).toHaveLength(4);
});

test("an undeclared call ends the process, even where the caller catches the error", () => {
  const program = `
    import { builtin, gate, Transport } from "${new URL("index.ts", import.meta.url).href}";
    const { declare, allow } = gate(builtin);
    const client = declare("careless", [allow("get", "pods", "to see them")]).client(undefined);
    try { client("pods").delete({ namespace: "n", name: "p" }); } catch { console.log("caught"); }
    setTimeout(() => console.log("went on"), 5_000);
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "caught\n" });
  expect(stderr).toContain('UndeclaredCallError: feature "careless" does not declare "delete" on "pods"');
});

test("a permission holds for its names and namespaces alone", async () => {
  const bound = declare("bound", [
    allow(["get", "list", "patch"], "leases.coordination.k8s.io", "to lead", { in: "own", names: ["leader"] }),
    allow(["list", "create"], "pods", "to run them"),
    allow("get", "secrets", "to find them anywhere", { in: "cluster" }),
    allow("patch", "nodes", "to cordon the first", { names: ["one"] }),
  ]);
  expect(bound.rules[0]).toMatchObject({ resourceNames: ["leader"], scope: "own" });
  const held = bound.client(transport, { own: "home", chosen: ["a", "b"] });
  const refused = [
    () => held("leases.coordination.k8s.io").get({ namespace: "home", name: "other" }),
    () => held("leases.coordination.k8s.io").get({ namespace: "a", name: "leader" }),
    () => held("leases.coordination.k8s.io").list({ namespace: "home" }),
    () => held("pods").list(),
    () => held("pods").list({ namespace: "c" }),
    () => held("pods").create({ metadata: { namespace: "c", name: "p" } }),
    () => held("nodes").patch({ name: "two" }, {}),
  ];
  for (const call of refused) expect(call).toThrow(UndeclaredCallError);
  expect(refused[0]).toThrow('does not declare "get" on "leases.coordination.k8s.io" named "other" in namespace "home"');
  expect(refused[3]).toThrow('does not declare "list" on "pods" outside its namespaces');

  const signal = AbortSignal.abort();
  const allowed = [
    held("leases.coordination.k8s.io").get({ namespace: "home", name: "leader" }, { signal }),
    Array.fromAsync(held("leases.coordination.k8s.io").list({ namespace: "home", fieldSelector: "metadata.name=leader", signal })),
    Array.fromAsync(held("pods").list({ namespace: "b", signal })),
    Array.fromAsync(bound.client(transport)("pods").list({ signal })),
    held("secrets").get({ namespace: "anywhere", name: "s" }, { signal }),
    held("nodes").patch({ name: "one" }, {}, { signal }),
  ];
  // The gate has let them pass: it is the signal that ended them.
  for (const outcome of await Promise.allSettled(allowed)) expect(outcome).toMatchObject({ status: "rejected", reason: { name: "AbortError" } });
  // @ts-expect-error a node has no namespace to be held to
  expect(() => allow("get", "nodes", "none", { in: "own" })).not.toThrow();
});

test("what does not fit the resource does not compile", () => {
  const calls = [
    // @ts-expect-error a pod has a namespace
    () => client("pods").get({ name: "p" }),
    // @ts-expect-error a node has none
    () => client("nodes").get({ namespace: "n", name: "p" }),
    // @ts-expect-error a log is read, not got
    () => client("pods/log").get({ namespace: "n", name: "p" }),
    // @ts-expect-error a Job's parallelism is a number
    () => client("jobs.batch").create({ spec: { parallelism: "1", template: {} } }),
    // @ts-expect-error an apply names its field manager
    () => client("ships.plimsoll.dev").patch({ namespace: "n", name: "s" }, {}, { type: "apply" }),
    // @ts-expect-error the catalogue has no such resource
    () => allow("get", "boats", "none"),
    // @ts-expect-error no such verb
    () => allow("sink", "pods", "none"),
  ];
  expect(calls).toHaveLength(7);
});

test("an object without its namespace is refused before any request", async () => {
  await expect(client("jobs.batch").create({ metadata: { name: "j" } })).rejects.toThrow('cannot create Job "j": metadata.namespace is missing');
  expect(asked).toEqual([]);
});
