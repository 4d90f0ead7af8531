import { each, type Transport } from "@plimsoll/kube";
import { grants, type PolicyRule, type Request } from "@plimsoll/permissions";
import { setTimeout as sleep } from "node:timers/promises";
import { namespaces, randomRequest, randomRule } from "./random-rules.ts";
import { Random } from "./random.ts";

/** Whom the roles are bound to: rules that hold everywhere, and those that hold in each namespace. */
interface Subject {
  user: string;
  everywhere: PolicyRule[];
  within: Record<string, PolicyRule[]>;
}

interface Disagreement {
  request: Request;
  server: boolean;
  rules: PolicyRule[];
}

export interface Comparison {
  reviews: number;
  granted: number;
  rules: number;
  /** Of the reviews alone, without the writing of roles. */
  seconds: number;
  disagreements: Disagreement[];
}

const rbac = "/apis/rbac.authorization.k8s.io/v1";
/** Requests, as many as the connection bears. */
export const atOnce = 48;

/**
 * Asks the API server and `grants` the same: writes random roles, binds them to users that don't exist otherwise, and has random
 * requests of theirs reviewed. A user has roles of all three kinds: bound in the cluster, ClusterRoles bound in a namespace, Roles.
 */
export async function compareReviews(
  transport: Transport,
  { reviews, users, seed }: { reviews: number; users: number; seed: number },
): Promise<Comparison> {
  const random = new Random(seed);
  const subjects = await writeSubjects(transport, random, users);
  const asked = Array.from({ length: reviews }, () => {
    const subject = random.of(subjects);
    const near = random.chance(0.5) ? subject.everywhere : random.of(Object.values(subject.within));
    return { subject, request: randomRequest(random, near) };
  });
  const started = performance.now();
  const disagreements: Disagreement[] = [];
  let granted = 0;
  await each(atOnce, asked, async ({ subject, request }) => {
    const rules =
      "path" in request || request.namespace === undefined
        ? subject.everywhere
        : [...subject.everywhere, ...(subject.within[request.namespace] ?? [])];
    const server = await allowed(transport, subject.user, request);
    if (server) granted += 1;
    if (server !== (grants(rules, request) !== undefined)) disagreements.push({ request, server, rules });
  });
  const rules = subjects.flatMap(({ everywhere, within }) => [...everywhere, ...Object.values(within).flat()]).length;
  return { reviews, granted, rules, seconds: (performance.now() - started) / 1000, disagreements };
}

/** The API server's own answer. */
export async function allowed(transport: Transport, user: string, request: Request, groups: readonly string[] = []): Promise<boolean> {
  const attributes = "path" in request ? { nonResourceAttributes: request } : { resourceAttributes: request };
  const { status } = await transport.request<{ status: { allowed: boolean } }>({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    body: { spec: { user, groups, ...attributes } },
  });
  return status.allowed;
}

async function writeSubjects(transport: Transport, random: Random, users: number): Promise<Subject[]> {
  for (const name of namespaces) await transport.request({ method: "POST", path: "/api/v1/namespaces", body: { metadata: { name } } });
  const subjects: Subject[] = [];
  const writes: (() => Promise<void>)[] = [];
  const grant = (user: string, kind: "ClusterRole" | "Role", namespace?: string): PolicyRule[] => {
    const rules = Array.from({ length: 1 + random.below(3) }, () => randomRule(random, kind === "ClusterRole"));
    const name = `${user}-${writes.length}`;
    writes.push(async () => {
      await writeRole(transport, { kind, name, rules, ...(kind === "Role" && namespace !== undefined && { namespace }) });
      await bind(transport, user, { kind, name }, namespace);
    });
    return rules;
  };
  for (let index = 0; index < users; index++) {
    const user = `user-${index}`;
    const within = Object.fromEntries(
      namespaces.map((namespace) => [namespace, [...grant(user, "ClusterRole", namespace), ...grant(user, "Role", namespace)]]),
    );
    // A third hold nothing in the whole cluster, so that what a namespace grants decides.
    subjects.push({ user, everywhere: index % 3 === 0 ? [] : [...grant(user, "ClusterRole"), ...grant(user, "ClusterRole")], within });
  }
  await each(atOnce, writes, (write) => write());
  await untilSeen(transport);
  return subjects;
}

/** The authorizer learns of each of the four kinds in the order of its writes: when it knows the last, it knows all. */
async function untilSeen(transport: Transport): Promise<void> {
  const rules = [{ verbs: ["last"], apiGroups: ["last"], resources: ["last"] }];
  const [namespace] = namespaces;
  await writeRole(transport, { kind: "ClusterRole", name: "last", rules });
  await writeRole(transport, { kind: "Role", namespace, name: "last", rules });
  await bind(transport, "last-everywhere", { kind: "ClusterRole", name: "last" });
  await bind(transport, "last-within", { kind: "Role", name: "last" }, namespace);
  const request = { verb: "last", group: "last", resource: "last", namespace };
  await untilAllowed(transport, "last-everywhere", request);
  await untilAllowed(transport, "last-within", request);
}

/** Waits until the authorizer has seen what was granted. */
export async function untilAllowed(transport: Transport, user: string, request: Request, groups: readonly string[] = []): Promise<void> {
  const seconds = 120;
  const deadline = Date.now() + seconds * 1000;
  while (!(await allowed(transport, user, request, groups))) {
    if (Date.now() > deadline)
      throw new Error(`${seconds} s after its binding, the API server still refuses ${user}: ${JSON.stringify(request)}`);
    await sleep(20);
  }
}

interface Role {
  kind: "ClusterRole" | "Role";
  name: string;
  namespace?: string;
  rules: PolicyRule[];
}

export function writeRole(transport: Transport, { kind, name, namespace, rules }: Role): Promise<unknown> {
  const path = namespace === undefined ? `${rbac}/clusterroles` : `${rbac}/namespaces/${namespace}/roles`;
  return transport.request({ method: "POST", path, body: { apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata: { name }, rules } });
}

/** Binds a role to a user in a namespace or, without one, in the whole cluster. */
export function bind(
  transport: Transport,
  user: string,
  role: { kind: "ClusterRole" | "Role"; name: string },
  namespace?: string,
): Promise<unknown> {
  const path = namespace === undefined ? `${rbac}/clusterrolebindings` : `${rbac}/namespaces/${namespace}/rolebindings`;
  const apiGroup = "rbac.authorization.k8s.io";
  const kind = namespace === undefined ? "ClusterRoleBinding" : "RoleBinding";
  const body = {
    apiVersion: `${apiGroup}/v1`,
    kind,
    metadata: { name: `${user}-${role.name}` },
    roleRef: { apiGroup, ...role },
    subjects: [{ apiGroup, kind: "User", name: user }],
  };
  return transport.request({ method: "POST", path, body });
}
