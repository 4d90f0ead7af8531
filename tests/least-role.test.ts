import { Transport } from "@plimsoll/kube";
import { atomKey, atoms, infer, requestsOf, ruleOf, type Atom, type PolicyRule } from "@plimsoll/permissions";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { bind, untilAllowed, writeRole } from "../bench/reviews.ts";
import { ask, auditLog, auditOf, type Sent } from "./support/raw-request.ts";

const transport = Transport.fromKubeconfig(inject("kubeconfig"));
const namespace = `least-role-${randomBytes(3).toString("hex")}`;
const core = `/api/v1/namespaces/${namespace}`;
const configMaps = `${core}/configmaps`;
const identity = "authentication.k8s.io";
const rule = (verb: string, group: string, resource: string, ...resourceNames: string[]): PolicyRule => ({
  verbs: [verb],
  apiGroups: [group],
  resources: [resource],
  resourceNames,
});

const account = `system:serviceaccount:${namespace}:other`;

interface Requestor {
  user: string;
  token: string;
}

/** One of the cluster's: of a node that isn't there the controller manager deletes the pods, with which their tokens end. */
const node = "kwok-0";

/** A ServiceAccount that holds just these rules, in the whole cluster and in the namespace, and speaks from a pod on the node. */
async function requestor(everywhere: readonly PolicyRule[], within: readonly PolicyRule[]): Promise<Requestor> {
  const name = `r-${randomBytes(4).toString("hex")}`;
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await transport.request({ method: "POST", path: accounts, body: { metadata: { name } } });
  const pod = {
    metadata: { name },
    spec: { nodeName: node, serviceAccountName: name, automountServiceAccountToken: false, containers: [{ name: "c", image: "none" }] },
  };
  const { metadata } = await transport.request<{ metadata: { uid: string } }>({
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/pods`,
    body: pod,
  });
  const boundObjectRef = { apiVersion: "v1", kind: "Pod", name, uid: metadata.uid };
  const { status } = await transport.request<{ status: { token: string } }>({
    method: "POST",
    path: `${accounts}/${name}/token`,
    body: { spec: { boundObjectRef } },
  });
  const user = `system:serviceaccount:${namespace}:${name}`;
  const last: PolicyRule = { verbs: ["last"], apiGroups: [""], resources: ["last"] };
  await writeRole(transport, { kind: "ClusterRole", name, rules: [...everywhere, last] });
  await writeRole(transport, { kind: "Role", namespace, name: `${name}-within`, rules: [...within, { ...last, verbs: ["last-within"] }] });
  await bind(transport, user, { kind: "ClusterRole", name });
  await bind(transport, user, { kind: "Role", name: `${name}-within` }, namespace);
  await untilAllowed(transport, user, { verb: "last", group: "", resource: "last" });
  await untilAllowed(transport, user, { verb: "last-within", group: "", resource: "last", namespace });
  return { user, token: status.token };
}

beforeAll(async () => {
  await transport.request({ method: "POST", path: "/api/v1/namespaces", body: { metadata: { name: namespace } } });
  await transport.request({ method: "POST", path: `${core}/serviceaccounts`, body: { metadata: { name: "other" } } });
  // Whoever is impersonated may do what is asked here; whether the requestor may impersonate decides.
  await writeRole(transport, {
    kind: "Role",
    namespace,
    name: "lists",
    rules: [{ verbs: ["list"], apiGroups: [""], resources: ["configmaps"] }],
  });
  for (const user of ["jane", "system:anonymous", `system:node:${node}`, account]) {
    await bind(transport, user, { kind: "Role", name: "lists" }, namespace);
    await untilAllowed(transport, user, { verb: "list", group: "", resource: "configmaps", namespace });
  }
});
afterAll(() => transport.close());

interface Trial {
  /** The answer's code to who holds what was given, and to another who holds what was inferred from the audit event of that. */
  given: number;
  inferred: number;
  /** Atoms of what was inferred without which the request is let in as well. */
  needless: Atom[];
}

async function tryRoles(everywhere: PolicyRule[], within: PolicyRule[], method: string, target: string, sent: Sent = {}): Promise<Trial> {
  const send = ({ token }: Requestor): ReturnType<typeof ask> => ask(method, target, { ...sent, token });
  const first = await requestor(everywhere, within);
  const mark = await auditLog.mark();
  const answer = await send(first);
  const event = (await auditOf([answer], mark)).get(answer.auditID);
  if (event === undefined) throw new Error("the audit log has no such event");
  const { cluster, namespaces } = infer(requestsOf(event, first.user));
  const inNamespace = namespaces.get(namespace) ?? [];
  const { code: inferred } = await send(await requestor(cluster, inNamespace));
  const needless: Atom[] = [];
  for (const atom of atoms([...cluster, ...inNamespace])) {
    const less = (rules: PolicyRule[]): PolicyRule[] =>
      atoms(rules)
        .filter((other) => atomKey(other) !== atomKey(atom))
        .map(ruleOf);
    if ((await send(await requestor(less(cluster), less(inNamespace)))).code !== 403) needless.push(atom);
  }
  return { given: answer.code, inferred, needless };
}

const named = (verb: string, resource: string, ...names: string[]): PolicyRule => rule(verb, "", resource, ...names);
const newMap = { body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "new" } } };

test.concurrent.each<[what: string, within: PolicyRule[], code: number, method: string, target: string, sent?: Sent]>([
  ["lists", [named("list", "configmaps")], 200, "GET", configMaps],
  ["lists one by its name", [named("list", "configmaps", "a")], 200, "GET", `${configMaps}?fieldSelector=metadata.name=a`],
  [
    "watches one by its name",
    [named("watch", "configmaps", "a")],
    200,
    "GET",
    `${configMaps}?watch=1&timeoutSeconds=1&fieldSelector=metadata.name=a`,
  ],
  [
    "deletes a collection of one",
    [named("deletecollection", "configmaps")],
    200,
    "DELETE",
    `${configMaps}?fieldSelector=metadata.name=a&dryRun=All`,
  ],
  ["creates by name", [named("create", "configmaps")], 201, "POST", `${configMaps}?dryRun=All`, newMap],
  [
    "creates by an update",
    [rule("update", "coordination.k8s.io", "leases", "new"), rule("create", "coordination.k8s.io", "leases", "new")],
    201,
    "PUT",
    `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/new?dryRun=All`,
    { body: { metadata: { name: "new" }, spec: {} } },
  ],
  [
    "creates by an apply",
    [named("patch", "configmaps", "new"), named("create", "configmaps", "new")],
    201,
    "PATCH",
    `${configMaps}/new?fieldManager=test&dryRun=All`,
    { ...newMap, contentType: "application/apply-patch+yaml" },
  ],
  [
    "creates on a named subresource",
    [named("create", "serviceaccounts/token", "other")],
    201,
    "POST",
    `${core}/serviceaccounts/other/token?dryRun=All`,
    { body: { spec: {} } },
  ],
  [
    "opens a stream by GET, as a WebSocket is",
    [named("get", "pods/exec", "none"), named("create", "pods/exec", "none")],
    404,
    "GET",
    `${core}/pods/none/exec?command=x&stdout=1`,
  ],
  ["reads a log", [named("get", "pods/log", "none")], 404, "GET", `${core}/pods/none/log`],
  ["reads the Namespace itself", [named("get", "namespaces", namespace)], 200, "GET", core],
])("from the audit event of who %s, the least role follows", async (_, within, code, method, target, sent) => {
  expect(await tryRoles([], within, method, target, sent)).toEqual({ given: code, inferred: code, needless: [] });
});

const user = (name: string): Record<string, string> => ({ "impersonate-user": name });
const on = (mode: string): PolicyRule => named(`impersonate-on:${mode}:list`, "configmaps");

test.concurrent.each<
  [what: string, headers: Record<string, string | string[]>, everywhere: PolicyRule[], within: PolicyRule[], target?: string]
>([
  ["a user", user("jane"), [named("impersonate", "users", "jane")], []],
  ["nobody in particular", user("system:anonymous"), [named("impersonate", "users", "system:anonymous")], []],
  [
    "a user and a group",
    { ...user("jane"), "impersonate-group": "devs" },
    [named("impersonate", "users", "jane"), named("impersonate", "groups", "devs")],
    [],
  ],
  [
    "a user with a uid and extra",
    { ...user("jane"), "impersonate-uid": "u1", "impersonate-extra-scopes": ["view", "edit"] },
    [
      named("impersonate", "users", "jane"),
      rule("impersonate", identity, "uids", "u1"),
      rule("impersonate", identity, "userextras/scopes", "view", "edit"),
    ],
    [],
  ],
  ["a ServiceAccount", user(account), [], [named("impersonate", "serviceaccounts", "other")]],
  ["a node", user(`system:node:${node}`), [named("impersonate", "users", `system:node:${node}`)], []],
  ["a user, constrained", user("jane"), [rule("impersonate:user-info", identity, "users", "jane")], [on("user-info")]],
  [
    "nobody in particular, constrained",
    user("system:anonymous"),
    [rule("impersonate:user-info", identity, "users", "system:anonymous")],
    [on("user-info")],
  ],
  [
    "a user with everything, constrained",
    { ...user("jane"), "impersonate-group": ["devs", "ops"], "impersonate-uid": "u1", "impersonate-extra-example.com%2fscopes": "view" },
    [
      rule("impersonate:user-info", identity, "users", "jane"),
      rule("impersonate:user-info", identity, "groups", "devs", "ops"),
      rule("impersonate:user-info", identity, "uids", "u1"),
      rule("impersonate:user-info", identity, "userextras/example.com/scopes", "view"),
    ],
    [on("user-info")],
  ],
  [
    "a ServiceAccount, constrained",
    user(account),
    [],
    [rule("impersonate:serviceaccount", identity, "serviceaccounts", "other"), on("serviceaccount")],
  ],
  [
    "any node, constrained",
    user(`system:node:${node}`),
    [rule("impersonate:arbitrary-node", identity, "nodes", node)],
    [on("arbitrary-node")],
  ],
  [
    "its own node, constrained",
    user(`system:node:${node}`),
    [rule("impersonate:associated-node", identity, "nodes", "*")],
    [on("associated-node")],
  ],
  [
    "a user in many groups, constrained",
    { ...user("jane"), "impersonate-group": ["a", "b", "c", "d"] },
    [rule("impersonate:user-info", identity, "users", "jane"), rule("impersonate:user-info", identity, "groups", "a", "b", "c", "d")],
    [on("user-info")],
  ],
  [
    "a user for a path, constrained",
    user("jane"),
    [rule("impersonate:user-info", identity, "users", "jane"), { verbs: ["impersonate-on:user-info:get"], nonResourceURLs: ["/version"] }],
    [],
    "/version?x=y",
  ],
])("from the audit event of who impersonated %s, the least role follows", async (_, headers, everywhere, within, target = configMaps) => {
  expect(await tryRoles(everywhere, within, "GET", target, { headers })).toEqual({ given: 200, inferred: 200, needless: [] });
});
