import { builtin, gate, isAlreadyExists, isConflict, isForbidden, isInvalid, isNotFound, isUnauthorized, Transport } from "@plimsoll/kube";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

const { declare, allow } = gate(builtin);
const csrs = "certificatesigningrequests.certificates.k8s.io";
const permissions = declare("client-test", [
  allow(["get", "list", "create", "update", "patch", "delete"], "configmaps", "every verb"),
  allow(["create", "delete"], "namespaces", "a place for the test"),
  allow(["get", "create"], "pods", "to be evicted"),
  allow("create", "pods/eviction", "to evict"),
  allow("get", "pods/log", "to read"),
  allow(["create", "delete"], "nodes", "to have a status"),
  allow("patch", "nodes/status", "to write it"),
  allow("create", "serviceaccounts", "somebody without rights"),
  allow("create", "serviceaccounts/token", "to speak as them"),
  allow("create", "deployments.apps", "to be scaled"),
  allow(["get", "patch"], "deployments.apps/scale", "to scale"),
  allow(["create", "delete"], csrs, "to be approved"),
  allow("update", `${csrs}/approval`, "to approve"),
]);

const transport = Transport.fromKubeconfig(inject("kubeconfig"));
const client = permissions.client(transport);
const configMaps = client("configmaps");
const namespace = `kube-client-${Date.now()}`;
const ref = (name: string) => ({ namespace, name });

beforeAll(async () => {
  await client("namespaces").create({ metadata: { name: namespace } });
  // Where a controller manager runs, it may be first.
  await client("serviceaccounts")
    .create({ metadata: ref("default") })
    .catch((error) => {
      if (!isAlreadyExists(error)) throw error;
    });
});

afterAll(async () => {
  await client("namespaces").delete({ name: namespace });
  await transport.close();
});

test("an object is created, read, updated and deleted, and each way to be too late has its own error", async () => {
  const created = await configMaps.create({ metadata: ref("one"), data: { a: "1" } });
  expect(created).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } });
  await expect(configMaps.create({ metadata: ref("one") })).rejects.toSatisfy(isAlreadyExists);

  const updated = await configMaps.update({ ...created, data: { a: "2" } });
  expect(await configMaps.get(ref("one"))).toEqual({ ...updated, apiVersion: "v1", kind: "ConfigMap" });
  await expect(configMaps.update({ ...created, data: { a: "3" } })).rejects.toSatisfy(isConflict);

  await expect(configMaps.delete(ref("one"), { preconditions: { uid: "another" } })).rejects.toSatisfy(isConflict);
  await configMaps.delete(ref("one"), { preconditions: { uid: created.metadata.uid }, propagationPolicy: "Background" });
  await expect(configMaps.get(ref("one"))).rejects.toSatisfy(isNotFound);
  await expect(configMaps.delete(ref("one"))).rejects.toSatisfy(isNotFound);
});

test("a merge sets fields, a JSON patch edits them, an apply owns them", async () => {
  await configMaps.create({ metadata: ref("patched"), data: { a: "1", b: "1" } });
  expect((await configMaps.patch(ref("patched"), { data: { a: null, c: "2" } })).data).toEqual({ b: "1", c: "2" });
  const operations = [
    { op: "test", path: "/data/b", value: "1" },
    { op: "remove", path: "/data/b" },
  ];
  expect((await configMaps.patch(ref("patched"), operations, { type: "json" })).data).toEqual({ c: "2" });
  await expect(configMaps.patch(ref("patched"), operations, { type: "json" })).rejects.toSatisfy(isInvalid);

  const apply = { type: "apply", fieldManager: "one" } as const;
  await expect(configMaps.patch(ref("patched"), { data: { c: "3" } }, apply)).rejects.toSatisfy(isConflict);
  expect((await configMaps.patch(ref("patched"), { data: { c: "3", d: "3" } }, { ...apply, force: true })).data).toEqual({
    c: "3",
    d: "3",
  });
  expect((await configMaps.patch(ref("patched"), { data: { c: "3" } }, apply)).data).toEqual({ c: "3" });
  expect((await configMaps.patch(ref("applied"), { data: { x: "1" } }, apply)).metadata.uid).toBeTruthy();
});

test("an invalid object is refused with the field that is wrong", async () => {
  const error = await configMaps.create({ metadata: ref("Not_A_Name") }).catch((error: unknown) => error);
  if (!isInvalid(error)) throw error;
  expect(error.details).toMatchObject({ name: "Not_A_Name", causes: [{ field: "metadata.name" }] });
});

test("a list comes in pages of one moment, and shows what was selected", async () => {
  for (let n = 0; n < 7; n++) {
    await configMaps.create({ metadata: { namespace, generateName: "page-", labels: { parity: n % 2 === 0 ? "even" : "odd" } } });
  }
  const labelSelector = "parity in (even, odd)";
  const pages = await Array.fromAsync(configMaps.pages({ namespace, labelSelector, limit: 3 }));
  expect(pages.map(({ items }) => items.length)).toEqual([3, 3, 1]);
  expect(new Set(pages.map(({ resourceVersion }) => resourceVersion)).size).toBe(1);
  expect(await Array.fromAsync(configMaps.list({ namespace, labelSelector: "parity=even" }))).toHaveLength(4);
  expect((await Array.fromAsync(configMaps.list({ labelSelector }))).length).toBeGreaterThanOrEqual(7);
});

test("a status, a scale and an approval are written through their subresources", async () => {
  const name = `node-${Date.now()}`;
  const node = await client("nodes").create({ metadata: { name } });
  const written = await client("nodes/status").patch({ name }, { status: { capacity: { cpu: "3" } } });
  expect(written.status?.capacity).toEqual({ cpu: "3" });
  await client("nodes").delete({ name }, { preconditions: { uid: node.metadata.uid } });

  const labels = { app: "scaled" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "none" }] } };
  await client("deployments.apps").create({
    metadata: ref("scaled"),
    spec: { replicas: 0, selector: { matchLabels: labels }, template, paused: true },
  });
  await client("deployments.apps/scale").patch(ref("scaled"), { spec: { replicas: 2 } });
  expect(await client("deployments.apps/scale").get(ref("scaled"))).toMatchObject({
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    spec: { replicas: 2 },
  });

  const csr = await client(csrs).create({
    metadata: { generateName: "plimsoll-test-" },
    spec: { request: certificateRequest, signerName: "example.com/test", usages: ["client auth"] },
  });
  const condition = { type: "Approved", status: "True" as const, reason: "Test", message: "approved by a test" };
  const approved = await client(`${csrs}/approval`).update({ ...csr, status: { conditions: [condition] } });
  expect(approved.status?.conditions).toMatchObject([condition]);
  await client(csrs).delete({ name: csr.metadata.name });
});

test("a pod is evicted by its name", async () => {
  const pod = await client("pods").create({
    metadata: { ...ref("evicted"), finalizers: ["plimsoll.dev/test"] },
    spec: { nodeName: "nowhere", terminationGracePeriodSeconds: 0, containers: [{ name: "c", image: "none" }] },
  });
  expect(pod.metadata.namespace).toBe(namespace);
  await client("pods/eviction").create({ metadata: ref("evicted"), deleteOptions: { preconditions: { uid: pod.metadata.uid } } });
  await expect(
    client("pods")
      .get(ref("evicted"))
      .then((evicted) => evicted.metadata),
  ).resolves.toHaveProperty("deletionTimestamp");
  await expect(Array.fromAsync(client("pods/log").read(ref("missing")))).rejects.toSatisfy(isNotFound);
});

test("who is not let in, and who may not, get different errors", async () => {
  const { status } = await client("serviceaccounts/token").create({ metadata: ref("default"), spec: { audiences: [] } });
  const tries = async (token: string) => {
    const other = Transport.fromKubeconfig(inject("kubeconfig"), { token });
    try {
      return await permissions
        .client(other)("configmaps")
        .get(ref("one"))
        .catch((error: unknown) => error);
    } finally {
      await other.close();
    }
  };
  expect(await tries(status?.token ?? "")).toSatisfy(isForbidden);
  expect(await tries("nonsense")).toSatisfy(isUnauthorized);
});

const certificateRequest =
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIU01Ib0NBUUF3R0RFV01CUUdBMVVFQXd3TmNHeHBiWE52Ykd3dGRHVnpkREJaTUJNR0J5cUdTTTQ5QWdFRwpDQ3FHU000OUF3RUhBMElBQkRwU2YwR2JEOUR6SzkwZ1JQTVZTTGlZYkdtUWFNc2Nxc01jaEU0bFE3ZWZOYSt6Ci80ZkhBblNoakJoazBIQkdZNk1zNkRXM1hONS9CbGtDSWJ6dWFYK2dBREFLQmdncWhrak9QUVFEQWdOSUFEQkYKQWlCU2RjaDg1bXYwSGtBRVl4dU5vUC9KOHl5NHFyOUR1dzJrczJ0d2xteW4rQUloQU84VU9TRFZ3NDFwaE1wOQpKR2dIcEwxSmk4K0tiUHhOamlQamI3OU5nWHBwCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=";
