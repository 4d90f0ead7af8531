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

const { declare, allow } = gate({
  ...builtin,
  "ships.plimsoll.dev": resource<Ship>({ group: "plimsoll.dev", version: "v1", plural: "ships", kind: "Ship", namespaced: true }),
});

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
    { apiGroups: [""], resources: ["pods"], verbs: ["delete"], reason: "to end them" },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"], reason: "to start them" },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"], reason: "to read them" },
  ]);
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
