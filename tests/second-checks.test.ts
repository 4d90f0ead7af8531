import { Transport } from "@plimsoll/kube";
import { namespaceOf, requestOf, ruleFor, secondChecks, type Request, type ResourceRequest } from "@plimsoll/permissions";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { bind, untilAllowed, writeRole } from "../bench/reviews.ts";
import { ask, ca, type Sent } from "./support/raw-request.ts";

const transport = Transport.fromKubeconfig(inject("kubeconfig"));
const namespace = `second-checks-${randomBytes(3).toString("hex")}`;
const rbac = "rbac.authorization.k8s.io";
const within = (group: string): string => `/apis/${group}/namespaces/${namespace}`;
const roles = `/apis/${rbac}/v1`;
const csrs = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const claims = `${within("resource.k8s.io/v1")}/resourceclaims`;
const meta = (name: string): { metadata: { name: string } } => ({ metadata: { name } });
const allocation = { devices: { results: [{ request: "r", driver: "example.com", pool: "p", device: "d" }] } };
const readsSecrets = [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"] }];
const someone = [{ kind: "User", apiGroup: rbac, name: "someone" }];
const upgrade = {
  headers: {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "sec-websocket-protocol": "v5.channel.k8s.io",
  },
};
const apply = "application/apply-patch+yaml";
const merge = "application/merge-patch+json";

/** To be granted, by RBAC, in a role of its own and nothing else. */
async function grantAll(user: string, requests: readonly Request[]): Promise<void> {
  for (const [index, request] of requests.entries()) {
    const namespace = namespaceOf(request);
    const role = {
      kind: namespace === undefined ? ("ClusterRole" as const) : ("Role" as const),
      name: `${user}-${index}`,
      ...(namespace !== undefined && { namespace }),
    };
    await writeRole(transport, { ...role, rules: [ruleFor(request)] });
    await bind(transport, user, { kind: role.kind, name: role.name }, namespace);
  }
  for (const request of requests) await untilAllowed(transport, user, request);
}

beforeAll(async () => {
  const create = (path: string, body: unknown): Promise<unknown> => transport.request({ method: "POST", path, body });
  await create("/api/v1/namespaces", meta(namespace));
  await create(`${within(`${rbac}/v1`)}/roles`, { ...meta("reads-secrets"), rules: readsSecrets });
  await create(`${within(`${rbac}/v1`)}/roles`, { ...meta("grows"), rules: [] });
  for (const part of ["binding", "driver"])
    await create(claims, { ...meta(part), spec: { devices: { requests: [{ name: "r", exactly: { deviceClassName: "c" } }] } } });
  await transport.request({ method: "PATCH", path: `${claims}/driver/status`, contentType: merge, body: { status: { allocation } } });
  for (const [name, signerName] of [
    ["approved", "kubernetes.io/kube-apiserver-client"],
    ["signed", "example.com/test"],
  ] as const) {
    await create(csrs, { ...meta(`${namespace}-${name}`), spec: { request: certificateRequest, signerName, usages: ["client auth"] } });
  }
});
afterAll(() => transport.close());

type Case = [
  what: string,
  method: string,
  target: () => string,
  sent: Sent,
  /* Which of the second checks, and the name it is made with. */ index: number,
  name?: string,
  also?: string[],
];

test.concurrent.each<Case>([
  ["an update that creates", "PUT", () => `${within("coordination.k8s.io/v1")}/leases/new`, { body: { ...meta("new"), spec: {} } }, 0],
  [
    "an apply that creates",
    "PATCH",
    () => `/api/v1/namespaces/${namespace}/configmaps/new?fieldManager=test`,
    { body: { apiVersion: "v1", kind: "ConfigMap", ...meta("new") }, contentType: apply },
    0,
  ],
  ["exec over a WebSocket", "GET", () => `/api/v1/namespaces/${namespace}/pods/none/exec?command=x&stdout=1`, upgrade, 0],
  ["attach over a WebSocket", "GET", () => `/api/v1/namespaces/${namespace}/pods/none/attach?stdout=1`, upgrade, 0],
  ["port-forward over a WebSocket", "GET", () => `/api/v1/namespaces/${namespace}/pods/none/portforward?ports=80`, upgrade, 0],
  [
    "a new ClusterRole with more than one holds",
    "POST",
    () => `${roles}/clusterroles?dryRun=All`,
    { body: { ...meta("new"), rules: readsSecrets } },
    0,
  ],
  [
    "a new Role with more than one holds",
    "POST",
    () => `${within(`${rbac}/v1`)}/roles?dryRun=All`,
    { body: { ...meta("new"), rules: readsSecrets } },
    0,
  ],
  [
    "a Role that is given more than one holds",
    "PATCH",
    () => `${within(`${rbac}/v1`)}/roles/grows?dryRun=All`,
    { body: { rules: readsSecrets }, contentType: merge },
    1,
  ],
  [
    "a binding to a ClusterRole everywhere",
    "POST",
    () => `${roles}/clusterrolebindings?dryRun=All`,
    { body: { ...meta("new"), roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "view" }, subjects: someone } },
    0,
    "view",
  ],
  [
    "a binding to a Role",
    "POST",
    () => `${within(`${rbac}/v1`)}/rolebindings?dryRun=All`,
    { body: { ...meta("new"), roleRef: { apiGroup: rbac, kind: "Role", name: "reads-secrets" }, subjects: someone } },
    0,
    "reads-secrets",
  ],
  [
    "a binding to a ClusterRole in a namespace",
    "POST",
    () => `${within(`${rbac}/v1`)}/rolebindings?dryRun=All`,
    { body: { ...meta("new"), roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "view" }, subjects: someone } },
    1,
    "view",
  ],
  [
    "an approval for a signer",
    "PATCH",
    () => `${csrs}/${namespace}-approved/approval?dryRun=All`,
    { body: { status: { conditions: [{ type: "Approved", status: "True", reason: "Test" }] } }, contentType: merge },
    0,
    "kubernetes.io/kube-apiserver-client",
  ],
  [
    "an approval for a signer's domain",
    "PATCH",
    () => `${csrs}/${namespace}-approved/approval?dryRun=All`,
    { body: { status: { conditions: [{ type: "Approved", status: "True", reason: "Test" }] } }, contentType: merge },
    0,
    "kubernetes.io/*",
  ],
  [
    "a certificate for a signer",
    "PATCH",
    () => `${csrs}/${namespace}-signed/status?dryRun=All`,
    { body: { status: { certificate: ca.toString("base64") } }, contentType: merge },
    0,
    "example.com/test",
  ],
  [
    "a claim's allocation",
    "PATCH",
    () => `${claims}/binding/status?dryRun=All`,
    { body: { status: { allocation } }, contentType: merge },
    0,
  ],
  [
    "a claim's devices",
    "PATCH",
    () => `${claims}/driver/status?dryRun=All`,
    { body: { status: { devices: [{ driver: "example.com", pool: "p", device: "d" }] } }, contentType: merge },
    1,
    "example.com",
  ],
])("%s needs the right that secondChecks tells, with its name, and no other", async (what, method, target, sent, index, name) => {
  const request = requestOf(method, target());
  const check = secondChecks(request)[index]?.request;
  if (check === undefined) throw new Error(`there is no second check ${index} of ${method} ${target()}`);
  const second: ResourceRequest = { ...check, ...(name !== undefined && { name }) };
  const user = `${namespace} ${what}`.replaceAll(/\W+/g, "-").toLowerCase();
  await grantAll(`${user}-first`, [request]);
  await grantAll(`${user}-both`, [request, second]);
  if (second.name !== undefined) await grantAll(`${user}-other`, [request, { ...second, name: "another" }]);

  // Validation, which comes before the status is stored, tells some refusals as its own.
  const refused = { code: expect.toBeOneOf([403, 422]), message: expect.stringMatching(/forbidden|not authorized|not currently held/i) };
  expect(await ask(method, target(), { ...sent, as: `${user}-first` })).toMatchObject(refused);
  if (second.name !== undefined) expect(await ask(method, target(), { ...sent, as: `${user}-other` })).toMatchObject(refused);
  // There is no pod to open a stream to.
  expect(await ask(method, target(), { ...sent, as: `${user}-both` })).toMatchObject({
    code: expect.toBeOneOf(sent === upgrade ? [404] : [200, 201]),
  });
});

test("a merge patch of what isn't there creates nothing, and needs no more", async () => {
  const target = `/api/v1/namespaces/${namespace}/configmaps/none`;
  await grantAll(`${namespace}-merges`, [requestOf("PATCH", target)]);
  expect(await ask("PATCH", target, { as: `${namespace}-merges`, body: { data: {} }, contentType: merge })).toMatchObject({ code: 404 });
});

const certificateRequest =
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIU01Ib0NBUUF3R0RFV01CUUdBMVVFQXd3TmNHeHBiWE52Ykd3dGRHVnpkREJaTUJNR0J5cUdTTTQ5QWdFRwpDQ3FHU000OUF3RUhBMElBQkRwU2YwR2JEOUR6SzkwZ1JQTVZTTGlZYkdtUWFNc2Nxc01jaEU0bFE3ZWZOYSt6Ci80ZkhBblNoakJoazBIQkdZNk1zNkRXM1hONS9CbGtDSWJ6dWFYK2dBREFLQmdncWhrak9QUVFEQWdOSUFEQkYKQWlCU2RjaDg1bXYwSGtBRVl4dU5vUC9KOHl5NHFyOUR1dzJrczJ0d2xteW4rQUloQU84VU9TRFZ3NDFwaE1wOQpKR2dIcEwxSmk4K0tiUHhOamlQamI3OU5nWHBwCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=";
