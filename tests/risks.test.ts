import { Transport } from "@plimsoll/kube";
import { risks } from "@plimsoll/permissions/risks";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { bind, untilAllowed, writeRole } from "../bench/reviews.ts";
import { ask } from "./support/raw-request.ts";

const transport = Transport.fromKubeconfig(inject("kubeconfig"));
const namespace = `risks-${randomBytes(3).toString("hex")}`;
const secrets = `/api/v1/namespaces/${namespace}/secrets`;
const merge = "application/merge-patch+json";
const create = (path: string, body: unknown): Promise<unknown> => transport.request({ method: "POST", path, body });

beforeAll(async () => {
  await create("/api/v1/namespaces", { metadata: { name: namespace } });
  await create(secrets, { metadata: { name: "mine" }, stringData: { password: "in the answer" } });
});
afterAll(() => transport.close());

test.concurrent.each([
  ["get", "GET", "/mine", true],
  ["list", "GET", "", true],
  ["patch", "PATCH", "/mine?dryRun=All", true],
  ["delete", "DELETE", "/mine?dryRun=All&propagationPolicy=Foreground", true],
  ["deletecollection", "DELETE", "?dryRun=All", true],
  ["update", "PUT", "/mine?dryRun=All", false],
])("whoever may only %s Secrets is answered with their contents exactly where that is found", async (verb, method, target, reads) => {
  const role = { kind: "Role" as const, name: `${namespace}-${verb}`, namespace };
  const rules = [{ verbs: [verb], apiGroups: [""], resources: ["secrets"] }];
  await writeRole(transport, { ...role, rules });
  await bind(transport, role.name, role, namespace);
  await untilAllowed(transport, role.name, { verb, group: "", resource: "secrets", namespace });
  const sent = method === "PATCH" ? { body: {}, contentType: merge } : method === "PUT" ? { body: { metadata: { name: "mine" } } } : {};
  const answer = await ask(method, `${secrets}${target}`, { ...sent, as: role.name });
  expect(answer.code).toBe(200);
  expect(answer.body.includes(btoa("in the answer"))).toBe(reads);
  expect(risks(rules).some(({ id }) => id === "secrets-read")).toBe(reads);
});

test("what a Job's pods are made of, and where a PersistentVolume lies, can't be changed", async () => {
  const pod = (image: string): object => ({ spec: { restartPolicy: "Never", containers: [{ name: "a", image }] } });
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  await create(jobs, { metadata: { name: "job" }, spec: { suspend: true, template: pod("a") } });
  expect(await ask("PATCH", `${jobs}/job`, { body: { spec: { template: pod("b") } }, contentType: merge })).toMatchObject({
    code: 422,
    message: expect.stringContaining("field is immutable"),
  });
  const volumes = "/api/v1/persistentvolumes";
  const spec = { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], nfs: { server: "a", path: "/" } };
  await create(volumes, { metadata: { name: namespace }, spec });
  const moved = { spec: { nfs: null, hostPath: { path: "/" } } };
  expect(await ask("PATCH", `${volumes}/${namespace}`, { body: moved, contentType: merge })).toMatchObject({
    code: 422,
    message: expect.stringContaining("immutable after creation"),
  });
  await transport.request({ method: "DELETE", path: `${volumes}/${namespace}` });
});
