import { grants, type PolicyRule, type Request } from "@plimsoll/permissions";
import { builtin, gate, Transport } from "@plimsoll/kube";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { live, run } from "./support/permissions.ts";
import { ask } from "./support/raw-request.ts";

const sar = "subjectaccessreviews.authorization.k8s.io";
const { declare, allow } = gate(builtin);
const g = "rbac.authorization.k8s.io";
const permissions = declare("permissions-cli-test", [
  allow(["create", "delete"], "namespaces", "a place"),
  allow("create", "serviceaccounts", "subjects"),
  allow("create", `roles.${g}`, "roles"),
  allow("create", `rolebindings.${g}`, "bindings"),
  allow(["create", "delete"], `clusterroles.${g}`, "roles"),
  allow(["create", "delete"], `clusterrolebindings.${g}`, "bindings"),
  allow("create", sar, "the API server's own answer"),
]);
const transport = Transport.fromKubeconfig(inject("kubeconfig"));
const client = permissions.client(transport);
const ns = `perm-${Date.now()}`;
const elsewhere = `${ns}-b`;
const wide = `${ns}-wide`;

const account = (name: string) => ({ kind: "ServiceAccount", name, namespace: ns });
const of = (kind: "User" | "Group", name: string) => ({ kind, name, apiGroup: g });
const bind = (namespace: string, name: string, kind: "Role" | "ClusterRole", role: string, ...subjects: object[]) =>
  client(`rolebindings.${g}`).create({
    metadata: { namespace, name },
    roleRef: { apiGroup: g, kind, name: role },
    subjects: subjects as [],
  });

beforeAll(async () => {
  for (const name of [ns, elsewhere]) await client("namespaces").create({ metadata: { name } });
  for (const name of ["builder", "boss"]) await client("serviceaccounts").create({ metadata: { namespace: ns, name } });
  await client(`roles.${g}`).create({
    metadata: { namespace: ns, name: "reader" },
    rules: [
      { apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list"] },
      { apiGroups: ["apps"], resources: ["*/scale"], verbs: ["patch"] },
    ],
  });
  await client(`clusterroles.${g}`).create({
    metadata: { name: wide },
    rules: [
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["token"], verbs: ["get"] },
      { nonResourceURLs: ["/metrics*"], verbs: ["get"] },
      { apiGroups: [""], resources: ["pods"], verbs: ["create"] },
    ],
  });
  await bind(ns, "readers", "Role", "reader", account("builder"), of("User", "ada"), of("Group", `${ns}-developers`));
  await bind(elsewhere, "wide-here", "ClusterRole", wide, of("User", "ada"), of("User", `system:serviceaccount:${ns}:builder`));
  await bind(ns, "dangling", "Role", "missing", account("builder"));
  await bind(ns, "bosses", "ClusterRole", "cluster-admin", account("boss"));
  await client(`clusterrolebindings.${g}`).create({
    metadata: { name: wide },
    roleRef: { apiGroup: g, kind: "ClusterRole", name: wide },
    subjects: [{ ...of("Group", `system:serviceaccounts:${ns}`) }],
  });
  await settled();
});

afterAll(async () => {
  await client(`clusterrolebindings.${g}`).delete({ name: wide });
  await client(`clusterroles.${g}`).delete({ name: wide });
  for (const name of [ns, elsewhere]) await client("namespaces").delete({ name });
  await transport.close();
});

interface Subject {
  as: string[];
  user?: string;
  groups: string[];
}
const implicit = ["system:serviceaccounts", `system:serviceaccounts:${ns}`, "system:authenticated"];
const subjects: Subject[] = [
  { as: [`serviceaccount:${ns}/builder`], user: `system:serviceaccount:${ns}:builder`, groups: implicit },
  { as: [`system:serviceaccount:${ns}:boss`], user: `system:serviceaccount:${ns}:boss`, groups: implicit },
  { as: ["user:ada"], user: "ada", groups: ["system:authenticated"] },
  { as: ["user:bob", "--group", `${ns}-developers`], user: "bob", groups: ["system:authenticated", `${ns}-developers`] },
  { as: [`group:${ns}-developers`], groups: [`${ns}-developers`] },
  { as: ["user:system:anonymous"], user: "system:anonymous", groups: ["system:unauthenticated"] },
];
const core = { group: "", resource: "pods" };
const asked: { words: string[]; request: Request }[] = [
  { words: ["list", "po", "-n", ns], request: { verb: "list", ...core, namespace: ns } },
  { words: ["get", "Pod/log", "web", "-n", ns], request: { verb: "get", ...core, subresource: "log", name: "web", namespace: ns } },
  { words: ["list", "pods", "-n", elsewhere], request: { verb: "list", ...core, namespace: elsewhere } },
  { words: ["create", "pods", "-n", elsewhere], request: { verb: "create", ...core, namespace: elsewhere } },
  {
    words: ["patch", "deploy/scale", "web", "-n", ns],
    request: { verb: "patch", group: "apps", resource: "deployments", subresource: "scale", name: "web", namespace: ns },
  },
  { words: ["get", "secrets", "token", "-n", ns], request: { verb: "get", group: "", resource: "secrets", name: "token", namespace: ns } },
  { words: ["get", "secrets", "-n", ns], request: { verb: "get", group: "", resource: "secrets", namespace: ns } },
  {
    words: ["delete", "pipelineruns.plimsoll.dev", "x", "-n", ns],
    request: { verb: "delete", group: "plimsoll.dev", resource: "pipelineruns", name: "x", namespace: ns },
  },
  { words: ["get", "namespaces", ns], request: { verb: "get", group: "", resource: "namespaces", name: ns, namespace: ns } },
  { words: ["list", "nodes"], request: { verb: "list", group: "", resource: "nodes" } },
  {
    words: ["create", "selfsubjectaccessreviews"],
    request: { verb: "create", group: "authorization.k8s.io", resource: "selfsubjectaccessreviews" },
  },
  { words: ["get", "/metrics/slis"], request: { verb: "get", path: "/metrics/slis" } },
  { words: ["get", "/version"], request: { verb: "get", path: "/version" } },
  { words: ["get", "/logs"], request: { verb: "get", path: "/logs" } },
];

async function isAllowed({ user, groups }: Subject, request: Request): Promise<boolean> {
  const who = { ...(user === undefined ? {} : { user }), groups };
  const spec =
    "path" in request
      ? { ...who, nonResourceAttributes: { verb: request.verb, path: request.path } }
      : { ...who, resourceAttributes: { ...request } };
  return (await client(sar).create({ spec })).status?.allowed ?? false;
}

/** The authorizer learns of a binding a moment after it was written: asks until it knows the last one of each kind. */
async function settled(): Promise<void> {
  const [builder, boss] = subjects;
  if (builder === undefined || boss === undefined) throw new Error("no subjects");
  await vi.waitFor(
    async () => {
      expect(await isAllowed(builder, { verb: "get", path: "/metrics" })).toBe(true);
      expect(await isAllowed(builder, { verb: "list", ...core, namespace: ns })).toBe(true);
      expect(await isAllowed(boss, { verb: "delete", ...core, namespace: ns })).toBe(true);
    },
    { timeout: 120_000, interval: 100 },
  );
}

interface Row {
  subject: { kind: string; name: string; namespace?: string };
  namespace?: string;
}
const isAmong = (rows: Row[], { user, groups }: Subject): boolean =>
  rows.some(({ subject: { kind, name, namespace } }) =>
    kind === "Group" ? groups.includes(name) : user === (kind === "User" ? name : `system:serviceaccount:${namespace}:${name}`),
  );

test.each(asked.map(({ words, request }) => [words.join(" "), words, request] as const))(
  "who-can %s names just those whom the API server allows it",
  async (_title, words, request) => {
    const { stdout, code } = await live("who-can", ...words, "-o", "json");
    const rows = JSON.parse(stdout) as Row[];
    expect(code).toBe(rows.length > 0 ? 0 : 1);
    for (const subject of subjects)
      expect({ subject, allowed: isAmong(rows, subject) }).toEqual({ subject, allowed: await isAllowed(subject, request) });
  },
);

test.each(subjects.map((subject) => [subject.as.join(" "), subject] as const))(
  "what-can %s lists just what the API server allows",
  async (_title, subject) => {
    const { stdout } = await live("what-can", ...subject.as, "-o", "json");
    const rows = JSON.parse(stdout) as { namespace?: string; rules: PolicyRule[] }[];
    for (const { request } of asked) {
      const counting = rows.filter(({ namespace }) => namespace === undefined || (!("path" in request) && request.namespace === namespace));
      expect({
        request,
        allowed:
          grants(
            counting.flatMap(({ rules }) => rules),
            request,
          ) !== undefined,
      }).toEqual({ request, allowed: await isAllowed(subject, request) });
    }
  },
);

test("tables show the binding, the role and where it counts, and -A those of every namespace", async () => {
  const { stdout, stderr } = await live("who-can", "create", "pods", "-A");
  expect(stdout).toMatch(/^SUBJECT +NAMESPACE +BINDING +ROLE\n/);
  expect(stdout).toMatch(new RegExp(`^User ada +${elsewhere} +RoleBinding ${elsewhere}/wide-here +ClusterRole ${wide}$`, "m"));
  expect(stdout).toMatch(
    new RegExp(
      `^Group system:serviceaccounts:${ns} \\(every ServiceAccount in ${ns}\\) +\\* +ClusterRoleBinding ${wide} +ClusterRole ${wide}$`,
      "m",
    ),
  );
  expect(stderr).toContain(`note: RoleBinding ${ns}/dangling names Role ${ns}/missing, which does not exist\n`);
  const what = await live("what-can", `${ns}/builder`, "-n", ns);
  expect(what.stdout).toMatch(new RegExp(`^${ns} +get,list +pods,pods/log +RoleBinding ${ns}/readers +Role ${ns}/reader +builder$`, "m"));
  expect(what.stdout).not.toContain(elsewhere);
  expect(what.stderr).toBe(`note: RoleBinding ${ns}/dangling names Role ${ns}/missing, which does not exist\n`);
  expect(await live("what-can", `${ns}/nobody`)).toMatchObject({
    code: 0,
    stderr: `note: there is no ServiceAccount ${ns}/nobody; this is what it could do\n`,
  });
  expect(await live("what-can", "group:nowhere")).toMatchObject({ code: 1, stdout: "", stderr: "Group nowhere may do nothing\n" });
});

test("a resource that isn't served is told with a suggestion, unless its group is given", async () => {
  expect(await live("who-can", "get", "deploymnts")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/deploymnts: the cluster serves no such resource; did you mean "deployments"\?/) as string,
  });
  expect(await live("who-can", "get", "widgets", "--group", "example.com", "-n", ns)).toMatchObject({ code: 0 });
});

test("what a question cannot have meant is told beside its answer", async () => {
  const said = async (...words: string[]) => (await live("who-can", ...words)).stderr;
  expect(await said("get", "secret/token", "-n", elsewhere)).toContain(
    'note: the cluster lists no subresource "token" of secrets; for the object of that name, write: secrets token\n',
  );
  expect(await said("get", "pods.v1", "-n", elsewhere)).toContain('note: the cluster serves no pods in the API group "v1"\n');
  expect(await said("get", "nodes", "-n", elsewhere)).toBe(`note: nodes are in no namespace: -n ${elsewhere} makes no difference\n`);
  expect((await live("what-can", "group:system:masters")).stderr).toBe(
    "note: members of system:masters may do everything, whatever the bindings say\n",
  );
});

test("-A finds who may delete one Namespace by a role in it", async () => {
  const row = new RegExp(`^ServiceAccount ${ns}/boss +${ns} +RoleBinding ${ns}/bosses `, "m");
  expect((await live("who-can", "delete", "namespaces", "-A")).stdout).toMatch(row);
  expect((await live("who-can", "delete", "namespaces")).stdout).not.toMatch(row);
});

test("a RoleBinding gives none of its ClusterRole's paths", async () => {
  await bind(ns, "discoverers", "ClusterRole", "system:discovery", of("Group", `${ns}-discoverers`));
  expect(await live("what-can", `group:${ns}-discoverers`, "-o", "json")).toMatchObject({
    code: 1,
    stderr: `Group ${ns}-discoverers may do nothing\n`,
    stdout: expect.stringContaining('"rules": []') as string,
  });
});

test("risks --live tells who holds a dangerous role, and which powerful ServiceAccount is in reach", async () => {
  const found = await live("risks", "--live", "--fail-on", "critical");
  expect(found).toMatchObject({ code: 1, stderr: expect.stringMatching(/error: \d+ findings of severity critical\n/) as string });
  expect(found.stdout).toMatch(/^SEVERITY +ID +ROLE +RULE +HELD BY +TITLE\ncritical /);
  expect(found.stdout).toMatch(new RegExp(`^critical +everything +ClusterRole cluster-admin +rule 1 +ServiceAccount ${ns}/boss `, "m"));
  expect(found.stdout).not.toMatch(/ClusterRole system:(controller|node|kube)/);

  const all = JSON.parse((await live("risks", "--live", "-o", "json")).stdout) as { id: string; binding: string; role: { name: string } }[];
  expect(all).toContainEqual(
    expect.objectContaining({ id: `powerful-account/${ns}/boss`, binding: `ClusterRoleBinding ${wide}`, severity: "critical" }) as object,
  );
  const here = JSON.parse((await live("risks", "--live", "-o", "json", "-n", ns)).stdout) as { binding: string }[];
  expect(new Set(here.map(({ binding }) => binding))).toEqual(new Set([`RoleBinding ${ns}/bosses`, `RoleBinding ${ns}/readers`]));
  expect((await live("risks", "--live", "--all")).stdout).toMatch(/ClusterRole system:/);
});

test("what Kubernetes binds by itself is known exactly, and what only calls itself so is a finding", async () => {
  const bindings = await transport.request<{ items: { metadata: { name: string; labels?: Record<string, string> } }[] }>({
    method: "GET",
    path: `/apis/${g}/v1/clusterrolebindings`,
  });
  const defaults = bindings.items.filter(({ metadata }) => metadata.labels?.["kubernetes.io/bootstrapping"] !== undefined);
  expect(defaults.length).toBeGreaterThan(40);
  const sneaky = `system:${ns}-sneaky`;
  await client(`clusterrolebindings.${g}`).create({
    metadata: { name: sneaky, labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } },
    roleRef: { apiGroup: g, kind: "ClusterRole", name: "cluster-admin" },
    subjects: [account("builder")],
  });
  const found = JSON.parse((await live("risks", "--live", "-o", "json")).stdout) as { id: string; binding: string }[];
  await client(`clusterrolebindings.${g}`).delete({ name: sneaky });
  expect(found).toContainEqual(expect.objectContaining({ id: "everything", binding: `ClusterRoleBinding ${sneaky}` }) as object);
  const shown = new Set(found.map(({ binding }) => binding));
  expect(defaults.map(({ metadata }) => `ClusterRoleBinding ${metadata.name}`).filter((title) => shown.has(title))).toEqual([]);
});

test("a default that was changed is a finding, whether its role or its binding was", async () => {
  const name = "system:monitoring";
  const places = ["clusterroles", "clusterrolebindings"].map((resource) => `/apis/${g}/v1/${resource}/${name}`);
  const read = async (path: string) => JSON.parse((await ask("GET", path)).body) as { rules: object[]; subjects: object[] };
  const before = await Promise.all(places.map(read));
  const changes = [
    { rules: [...(before[0]?.rules ?? []), { apiGroups: [""], resources: ["secrets"], verbs: ["get"] }] },
    { subjects: [...(before[1]?.subjects ?? []), of("User", `${ns}-watcher`)] },
  ];
  const told = ["it grants get secrets too.", `it is for User ${ns}-watcher too.`];
  for (const [index, path] of places.entries()) {
    const patch = (body: unknown) => ask("PATCH", path, { body, contentType: "application/merge-patch+json" });
    expect(await patch(changes[index])).toMatchObject({ code: 200 });
    try {
      const found = JSON.parse((await live("risks", "--live", "-o", "json")).stdout) as object[];
      expect(found).toContainEqual(
        expect.objectContaining({
          id: "changed-default",
          binding: `ClusterRoleBinding ${name}`,
          attack: expect.stringContaining(told[index] ?? "") as string,
        }) as object,
      );
    } finally {
      await patch(index === 0 ? { rules: before[0]?.rules } : { subjects: before[1]?.subjects });
    }
  }
  expect((await live("risks", "--live", "-o", "json")).stdout).not.toContain(`ClusterRoleBinding ${name}`);
});

test("rules are taken from the cluster, too", async () => {
  expect(await live("allows", "--rules", "clusterrole/view", "--verb", "get", "--resource", "pods/log")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^yes\ngranted by ClusterRole view, rule \d+: /) as string,
  });
  expect(await live("allows", "--rules", "role/reader", "-n", ns, "--verb", "list", "--resource", "pods")).toMatchObject({ code: 0 });
  expect(await live("allows", "--rules", "role/nowhere", "-n", ns, "--verb", "list", "--resource", "pods")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`no Role "nowhere" in namespace "${ns}"`) as string,
  });
  const compacted = await live("compact", "clusterrole/admin");
  expect(compacted.stdout).not.toContain("resourceVersion");
  expect(await run(["diff", "-", "clusterrole/admin"], { input: compacted.stdout, kubeconfig: inject("kubeconfig") })).toMatchObject({
    code: 0,
    stdout: "",
  });
});
