import { spawnSync } from "node:child_process";
import { assert, asyncProperty, constantFrom, option, record } from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import type { Job } from "kubernetes-types/batch/v1.d.ts";
import { builtin } from "./builtin.ts";
import { UndeclaredCallError } from "../errors.ts";
import { gate } from "./gate.ts";
import { connectionOf, parseKubeconfig } from "../auth/kubeconfig.ts";
import { resource, type Stored } from "./resource.ts";
import { methodsOf } from "./methods.ts";
import { targetOf, type ApiRequest, type Sender } from "../transport/api-request.ts";
import { Transport } from "../transport/transport.ts";

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

const nowhere =
  "{clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}], contexts: [{name: c, context: {cluster: c}}], current-context: c}";
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

test("an undeclared call does not compile, and is refused before any request when types were bypassed", async () => {
  const pod = { namespace: "n", name: "p" };
  const calls = [
    // @ts-expect-error pods may not be created
    () => client("pods").create({ metadata: pod }),
    // @ts-expect-error nor watched
    () => Array.fromAsync(client("pods").watch({ resourceVersion: "1" })),
    // @ts-expect-error nothing was declared on secrets
    () => client("secrets").get(pod),
  ] as (() => Promise<unknown>)[];
  const before = told.length;
  for (const call of calls) await expect(call()).rejects.toThrow(UndeclaredCallError);
  expect(told.map(({ message }) => message)).toContain(
    'feature "harbour" does not declare "create" on "pods": add allow("create", "pods", "<reason>") to its permissions, or do not make this call',
  );
  expect(told).toHaveLength(before + 3);
  expect(asked).toEqual([]);
});

test("an undeclared call ends the process, whatever catches or listens", () => {
  const program = `
    import { builtin, gate } from "${new URL("../index.ts", import.meta.url).href}";
    const { declare, allow } = gate(builtin);
    process.on("uncaughtException", () => console.log("listened"));
    process.on("exit", () => { process.exitCode = 0; throw new Error("not now"); });
    setTimeout(() => console.log("went on"), 100);
    const client = declare("careless", [allow("get", "pods", "to see them")]).client({});
    try { await client("pods").delete({ namespace: "n", name: "p" }); } catch { console.log("caught"); }
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 70, stdout: "" });
  expect(stderr).toContain('UndeclaredCallError: feature "careless" does not declare "delete" on "pods"');
});

const bound = declare("bound", [
  allow(["get", "list", "patch", "delete"], "leases.coordination.k8s.io", "to lead", { in: "own", names: ["leader"] }),
  allow(["list", "create"], "pods", "to run them"),
  allow("create", "pods/eviction", "to move them"),
  allow("get", "secrets", "to find them anywhere", { in: "cluster" }),
  allow("patch", "nodes", "to cordon the first", { names: ["one"] }),
]);

/** Takes down what is sent, and answers nothing of use. */
function recorder(): { sent: string[]; sender: Sender } {
  const sent: string[] = [];
  const take = (request: ApiRequest): void => void sent.push(`${request.method} ${targetOf(request)}`);
  return {
    sent,
    sender: {
      request: async (request) => (take(request), { items: [], metadata: {} } as never),
      stream: async (request) => (take(request), (async function* () {})()),
    },
  };
}

test("a permission holds for its names and namespaces alone", async () => {
  const { sent, sender } = recorder();
  const held = bound.client(sender, { own: "home", chosen: ["a", "b"] });
  const refused: [call: () => Promise<unknown>, message: string][] = [
    [
      () => held("leases.coordination.k8s.io").get({ namespace: "home", name: "other" }),
      'declares "get" on "leases.coordination.k8s.io" only named leader in the controller\'s own namespace "home", and this call is for "other" in namespace "home"',
    ],
    [() => held("leases.coordination.k8s.io").get({ namespace: "a", name: "leader" }), 'for "leader" in namespace "a"'],
    [() => Array.fromAsync(held("leases.coordination.k8s.io").list({ namespace: "home" })), 'for any name in namespace "home"'],
    [() => Array.fromAsync(held("pods").list()), 'declares "list" on "pods" only in the namespaces a, b, and this call is for any name'],
    [() => Array.fromAsync(held("pods").list({ namespace: "c" })), 'in namespace "c"'],
    [() => held("pods").create({ metadata: { namespace: "c", name: "p" } }), 'in namespace "c"'],
    [() => held("nodes").patch({ name: "two" }, {}), 'only named one in the cluster, and this call is for "two"'],
  ];
  for (const [call, message] of refused) await expect(call()).rejects.toThrow(message);
  expect(sent).toEqual([]);

  await held("leases.coordination.k8s.io").get({ namespace: "home", name: "leader" });
  await Array.fromAsync(held("leases.coordination.k8s.io").list({ namespace: "home", fieldSelector: "metadata.name=leader" }));
  await Array.fromAsync(held("pods").list({ namespace: "b" }));
  await held("secrets").get({ namespace: "anywhere", name: "s" });
  await held("nodes").patch({ name: "one" }, {});
  await Array.fromAsync(bound.client(sender)("pods").list());
  expect(sent).toHaveLength(6);
});

test("whatever a call is given, only what was declared is sent", async () => {
  const declared = [
    /^(GET|PATCH|DELETE) \/apis\/coordination\.k8s\.io\/v1\/namespaces\/home\/leases\/leader(\?.*)?$/,
    /^GET \/apis\/coordination\.k8s\.io\/v1\/namespaces\/home\/leases\?(.*&)?fieldSelector=metadata\.name%3Dleader(&.*)?$/,
    /^(GET|POST) \/api\/v1\/namespaces\/[ab]\/pods(\?.*)?$/,
    /^POST \/api\/v1\/namespaces\/[ab]\/pods\/[^/?]+\/eviction$/,
    /^GET \/api\/v1\/namespaces\/[^/?]+\/secrets\/[^/?]+$/,
    /^PATCH \/api\/v1\/nodes\/one(\?.*)?$/,
  ];
  const text = constantFrom(
    "",
    "a",
    "b",
    "c",
    "home",
    "leader",
    "other",
    "one",
    ".",
    "..",
    "a/b",
    "leader/status",
    "a%2Fb",
    "a?watch=1",
    undefined,
  );
  const place = record({ name: text, namespace: text });
  const argument = record({
    name: text,
    namespace: text,
    metadata: option(place, { nil: undefined }),
    fieldSelector: constantFrom(undefined, "metadata.name=leader", "metadata.name=a", "metadata.name!=leader", "spec.x=1"),
  });
  const resources = ["leases.coordination.k8s.io", "pods", "pods/eviction", "secrets", "nodes", "configmaps"] as const;
  const methods = ["get", "read", "list", "pages", "watch", "create", "update", "patch", "delete"] as const;
  await assert(
    asyncProperty(constantFrom(...resources), constantFrom(...methods), argument, async (resource, method, argument) => {
      const { sent, sender } = recorder();
      const methodsOf = bound.client(sender, { own: "home", chosen: ["a", "b"] })(resource as "pods") as unknown as Record<
        string,
        (...args: unknown[]) => unknown
      >;
      const given = { ...argument };
      const result = methodsOf[method]?.(given, {});
      // What was judged must be what is sent, even if the caller changes its mind.
      Object.assign(given, { namespace: "kube-system", name: "other" });
      if (typeof result === "object" && result !== null && Symbol.asyncIterator in result)
        await Array.fromAsync(result as AsyncIterable<unknown>).catch(() => {});
      else await Promise.resolve(result).catch(() => {});
      expect(sent.filter((request) => !declared.some((pattern) => pattern.test(request)))).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

test("bounds that would grant other than what they say are refused", () => {
  expect(() => allow("get", "secrets", "none", { names: [] })).toThrow('allow on "secrets": names are []');
  expect(() => allow("get", "secrets", "none", { names: ["a", ""] })).toThrow('allow on "secrets": names are ["a",""]');
  expect(() => allow([], "secrets", "none")).toThrow('allow on "secrets": no verb: give some of get, list');
  // @ts-expect-error a star is no verb
  expect(() => allow("*", "secrets", "none")).toThrow('allow on "secrets": "*" is no verb of the client');
  // @ts-expect-error no such scope
  expect(() => allow("get", "secrets", "none", { in: "Own" })).toThrow(
    'allow on "secrets": "Own" is no scope: give one of cluster, chosen, own',
  );
  // @ts-expect-error a node has no namespace to be held to
  expect(() => allow("get", "nodes", "none", { in: "own" })).toThrow('allow on "nodes": it has no namespace');
});

test("a declaration cannot be changed, so that the role and the gate stay the same", () => {
  const { rules } = declare("fixed", [allow("get", "pods", "to see them")]);
  expect(() => rules[0]?.verbs.push("delete")).toThrow(TypeError);
  // @ts-expect-error rules are readonly
  expect(() => rules.push(...bound.rules)).toThrow(TypeError);
});

test("a name that would be another path is a defect of the caller, and nothing is sent", async () => {
  const { sent, sender } = recorder();
  const { get, list } = methodsOf(sender, builtin.pods);
  for (const name of ["", ".", "..", "x/proxy", "a%2Fb"])
    await expect(get({ namespace: "a", name })).rejects.toThrow(`"${name}" cannot be the name of a Pod`);
  await expect(Array.fromAsync(list({ namespace: "a/secrets" }))).rejects.toThrow('"a/secrets" cannot be the namespace of a Pod');
  await expect(methodsOf(sender, builtin["pods/eviction"]).create({ metadata: { namespace: "a" } })).rejects.toThrow(
    '"pods/eviction" is of one object: its name is missing',
  );
  // @ts-expect-error a delete without a name would be one of all
  await expect(methodsOf(sender, builtin.pods).delete({ namespace: "a" })).rejects.toThrow("which Pod? Its name is missing");
  expect(sent).toEqual([]);
});

test("what does not fit the resource does not compile", () => {
  // The compiler is what tests these; they are never called.
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
  expectTypeOf(calls).toBeArray();
});

test("an object without its namespace is refused before any request", async () => {
  await expect(client("jobs.batch").create({ metadata: { name: "j" } })).rejects.toThrow(
    'cannot create Job "j": metadata.namespace is missing',
  );
  expect(asked).toEqual([]);
});

test("what every object inherits is no resource", () => {
  // @ts-expect-error it is no key of the catalogue
  expect(() => client("toString")).toThrow('no resource "toString" in the catalogue: it has pods');
  // @ts-expect-error nor is this
  expect(() => allow("get", "constructor", "none")).toThrow('no resource "constructor"');
});

test("what is done in a feature's name is judged as a call would be, in each of its namespaces", () => {
  told.length = 0;
  const watching = declare("watching", [allow(["list", "watch"], "pods", "to see them"), allow("list", "nodes", "to count them")]);
  expect(() => watching.check(["list", "watch"], "pods", { chosen: ["a", "b"] })).not.toThrow();
  expect(() => watching.check(["list"], "nodes", { chosen: ["a"] })).not.toThrow();
  expect(() => watching.check(["list", "watch"], "nodes")).toThrow(UndeclaredCallError);
  expect(() => permissions.check(["list", "watch"], "pods", { chosen: ["a"] })).toThrow('does not declare "watch" on "pods"');
  expect(told).toHaveLength(2);
});
