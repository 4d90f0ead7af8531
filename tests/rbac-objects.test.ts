import { each, Transport } from "@plimsoll/kube";
import type { PolicyRule, Request } from "@plimsoll/permissions";
import type { Subject } from "kubernetes-types/rbac/v1.d.ts";
import { stringify } from "yaml";
import { afterAll, expect, inject, test, vi } from "vitest";
import { randomRequest, randomRule } from "../bench/random-rules.ts";
import { Random } from "../bench/random.ts";
import { allowed, atOnce } from "../bench/reviews.ts";
import {
  bindingsOf,
  bindingsThatGrant,
  identityOfAccount,
  subjectsFor,
  type Identity,
} from "../packages/cli/src/permissions/subjects/access.ts";
import { aggregated } from "../packages/cli/src/permissions/objects/aggregation.ts";
import { readRoles } from "../packages/cli/src/permissions/sources/role-file.ts";

const transport = Transport.fromKubeconfig(inject("kubeconfig"));
afterAll(() => transport.close());

const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
const api = "rbac.authorization.k8s.io";
const apiVersion = `${api}/v1`;
const id = `objects-${Date.now()}`;
const [near, far] = [`${id}-a`, `${id}-b`];
const namespaces = [near, far];
const label = `${id}/part`;

interface RbacObject {
  apiVersion: string;
  kind: "ClusterRole" | "Role" | "ClusterRoleBinding" | "RoleBinding";
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  rules?: PolicyRule[];
}

const askers: (Identity & { user: string })[] = [
  ...["ada", "bob", "eve"].map((name) => ({ user: `${id}-${name}`, groups: [] })),
  { user: `${id}-dan`, groups: [`${id}-team`] },
  ...namespaces
    .map((namespace) => identityOfAccount(namespace, "builder"))
    .map(({ user, groups }) => ({ user, groups: groups.slice(1, 2) })),
];
const subjects: Subject[] = [
  ...["ada", "bob", "dan"].map((name) => ({ kind: "User", name: `${id}-${name}`, apiGroup: api })),
  { kind: "Group", name: `${id}-team`, apiGroup: api },
  { kind: "Group", name: `system:serviceaccounts:${far}`, apiGroup: api },
  { kind: "ServiceAccount", name: "builder", namespace: near },
  { kind: "User", name: `system:serviceaccount:${far}:builder`, apiGroup: api },
];

test("random roles, bindings and aggregations are judged as the API server's authorizer judges them", { timeout: 600_000 }, async () => {
  const random = new Random(seed);
  const objects = randomObjects(random);
  for (const name of namespaces) await transport.request({ method: "POST", path: "/api/v1/namespaces", body: { metadata: { name } } });
  await each(atOnce, objects, async (object) => {
    await transport.request({ method: "POST", path: pathOf(object), body: object });
  });
  await settled();

  const text = objects.map((object) => stringify(object, { aliasDuplicateObjects: false, version: "1.1" })).join("---\n");
  const file = readRoles("objects.yaml", text);
  const roles = aggregated(file.roles).map(({ kind, name = "", namespace, rules }) => ({
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    rules: [...rules],
  }));
  const bindings = file.bindings.map(({ kind, name, namespace, role, subjects }) => ({
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { ...role, apiGroup: api },
    subjects,
  }));
  const bound = bindingsOf({
    roles: roles.filter(({ kind }) => kind === "Role") as [],
    clusterRoles: roles.filter(({ kind }) => kind === "ClusterRole") as [],
    roleBindings: bindings.filter(({ kind }) => kind === "RoleBinding") as [],
    clusterRoleBindings: bindings.filter(({ kind }) => kind === "ClusterRoleBinding") as [],
  });

  const all = roles.flatMap(({ rules }) => rules);
  const asked = Array.from({ length: 20_000 }, () => ({
    asker: random.of(askers),
    request: placed(random, randomRequest(random, [random.of(all)])),
  }));
  const wrong: object[] = [];
  let granted = 0;
  await each(atOnce, asked, async ({ asker, request }) => {
    const server = await allowed(transport, asker.user, request, asker.groups);
    if (server) granted += 1;
    const ours = bindingsThatGrant(bound, request).some(({ bound: { subjects } }) => subjectsFor(subjects, asker).length > 0);
    if (server !== ours) wrong.push({ server, ours, asker, request });
  });
  expect(wrong, `seed ${seed}`).toEqual([]);
  expect(granted).toBeGreaterThan(1_000);
  expect(granted).toBeLessThan(19_000);
  const ofCluster = objects.filter(({ metadata }) => metadata.namespace === undefined);
  await each(atOnce, ofCluster, async (object) => {
    await transport.request({ method: "DELETE", path: `${pathOf(object)}/${object.metadata.name}` });
  });
  for (const name of namespaces) await transport.request({ method: "DELETE", path: `/api/v1/namespaces/${name}` });
});

/** Roles, of which some gather others that may gather others again and have rules of their own, and bindings to them and to none. */
function randomObjects(random: Random): RbacObject[] {
  // What gathers may be gathered, but not by what it gathers: then the order of the controller's work would decide.
  const parts = ["p", "q"];
  const gathering = "r";
  const rules = (withPaths: boolean): PolicyRule[] => Array.from({ length: 1 + random.below(3) }, () => randomRule(random, withPaths));
  const clusterRoles = Array.from({ length: 40 }, (_, index): RbacObject & { aggregationRule?: object } => {
    const gathers = index % 3 === 0;
    const isOuter = index % 6 === 3;
    const part = gathers ? gathering : random.of(parts);
    const labels = !isOuter && random.chance(0.7) ? { labels: { [label]: part } } : {};
    const one = {
      apiVersion,
      kind: "ClusterRole" as const,
      metadata: { name: `${id}-${index}`, ...labels },
      rules: rules(true),
    };
    if (!gathers) return one;
    const from = isOuter ? [...parts, gathering, gathering] : parts;
    const selector = random.chance(0.5)
      ? { matchLabels: { [label]: random.of(from) } }
      : { matchExpressions: [{ key: label, operator: "In", values: random.some(from, 2) }] };
    return { ...one, aggregationRule: { clusterRoleSelectors: [selector] } };
  });
  const roles = namespaces.flatMap((namespace) =>
    Array.from({ length: 10 }, (_, index): RbacObject => ({
      apiVersion,
      kind: "Role",
      metadata: { name: `r-${index}`, namespace },
      rules: rules(false),
    })),
  );
  const bindings = Array.from({ length: 60 }, (_, index) => {
    const namespace = index % 4 === 0 ? undefined : random.of(namespaces);
    const isRole = namespace !== undefined && random.chance(0.4);
    const role = isRole ? { kind: "Role", name: `r-${random.below(12)}` } : { kind: "ClusterRole", name: `${id}-${random.below(42)}` };
    return {
      apiVersion,
      kind: namespace === undefined ? ("ClusterRoleBinding" as const) : ("RoleBinding" as const),
      metadata: { name: `${id}-${index}`, ...(namespace === undefined ? {} : { namespace }) },
      roleRef: { apiGroup: api, ...role },
      subjects: random.some(subjects, 2),
    };
  });
  const last: PolicyRule[] = [{ verbs: ["last"], apiGroups: ["last"], resources: ["last"] }];
  const lastRole = {
    apiVersion,
    kind: "ClusterRole" as const,
    metadata: { name: `${id}-last`, labels: { [`${id}/last`]: "yes" } },
    rules: last,
  };
  const lastGathers = {
    ...lastRole,
    metadata: { name: `${id}-gathers` },
    rules: [],
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`${id}/last`]: "yes" } }] },
  };
  const lastBinding = {
    apiVersion,
    kind: "ClusterRoleBinding" as const,
    metadata: { name: `${id}-last` },
    roleRef: { apiGroup: api, kind: "ClusterRole", name: `${id}-gathers` },
    subjects: [{ kind: "User", name: `${id}-last`, apiGroup: api }],
  };
  return [...clusterRoles, ...roles, ...bindings, lastRole, lastGathers, lastBinding];
}

/** Within one of the test's namespaces, in another, or in none. */
function placed(random: Random, request: Request): Request {
  if ("path" in request || request.namespace === undefined) return request;
  return { ...request, namespace: random.of([near, far, `${id}-c`]) };
}

function pathOf({ kind, metadata: { namespace } }: RbacObject): string {
  const plural = `${kind.toLowerCase()}s`;
  return `/apis/${apiVersion}/${namespace === undefined ? "" : `namespaces/${namespace}/`}${plural}`;
}

/** The aggregation has come to rest when no ClusterRole of the test changes any more, and the authorizer knows the one that was written last. */
async function settled(): Promise<void> {
  const last = { verb: "last", group: "last", resource: "last" };
  let before = "";
  await vi.waitFor(
    async () => {
      const { items } = await transport.request<{ items: RbacObject[] }>({ method: "GET", path: `/apis/${apiVersion}/clusterroles` });
      const now = JSON.stringify(items.filter(({ metadata }) => metadata.name.startsWith(id)).map(({ rules }) => rules));
      const same = now === before;
      before = now;
      expect(same).toBe(true);
      expect(await allowed(transport, `${id}-last`, last)).toBe(true);
    },
    { timeout: 120_000, interval: 2_000 },
  );
}
