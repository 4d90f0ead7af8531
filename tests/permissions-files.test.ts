import { expect, test } from "vitest";
import { file } from "./support/cli.ts";
import { offline } from "./support/permissions.ts";

const rbac = "apiVersion: rbac.authorization.k8s.io/v1";
const roles = file(
  "roles.yaml",
  `${rbac}\nkind: Role\nmetadata: {name: narrow, namespace: team-a}\nrules:\n- {apiGroups: [""], resources: [pods/exec], verbs: [get]}\n`,
);

test("one bad file leaves the others judged, and the code says that it was bad", async () => {
  expect(await offline("risks", "missing.yaml", roles, file("broken.yaml", "rules: [\n"), "--fail-on", "critical")).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(/pods-exec +Role team-a\/narrow/) as string,
    stderr: expect.stringMatching(/error: missing\.yaml: cannot be read: .*\n +broken\.yaml:2: not YAML/) as string,
  });
});

test("bindings of a file are judged, also those to roles that every cluster has", async () => {
  const binding = (name: string, role: string, group: string) =>
    `${rbac}\nkind: ClusterRoleBinding\nmetadata: {name: ${name}}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role}}\nsubjects: [{kind: Group, name: "${group}"}]\n`;
  const bindings = file(
    "bindings.yaml",
    [binding("a", "cluster-admin", "developers"), binding("b", "edit", "system:unauthenticated")].join("---\n"),
  );
  expect(await offline("risks", bindings, "--fail-on", "low")).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /critical +everything +ClusterRole cluster-admin +bindings\.yaml:4 +Group developers (.*\n)*critical +bound-to-everybody +ClusterRole edit +bindings\.yaml:10 /,
    ) as string,
  });
});

test("a Role grants nothing that is in no namespace", async () => {
  const role = file(
    "cluster-scoped.yaml",
    `${rbac}\nkind: Role\nmetadata: {name: r, namespace: shop}\nrules:\n- {apiGroups: ["", storage.k8s.io], resources: [nodes, namespaces, storageclasses], verbs: [get, list]}\n`,
  );
  const allows = (...args: string[]) => offline("allows", "--rules", role, ...args, "-n", "shop");
  expect(await allows("--verb", "list", "--resource", "nodes")).toMatchObject({ code: 1, stdout: "no\n" });
  expect(await allows("--verb", "list", "--resource", "namespaces")).toMatchObject({ code: 1 });
  expect(await allows("--verb", "get", "--resource", "storageclasses", "--name", "a")).toMatchObject({ code: 1 });
  expect(await allows("--verb", "get", "--resource", "namespaces", "--name", "shop")).toMatchObject({ code: 0 });
});

test("a name with a star is asked for as it is, as Calico asks for a tier's policies", async () => {
  const tier = file(
    "tier.yaml",
    `${rbac}\nkind: ClusterRole\nmetadata: {name: t}\nrules:\n- {apiGroups: [projectcalico.org], resources: [tier.networkpolicies], resourceNames: [net-sec.*], verbs: ["*"]}\n`,
  );
  expect(
    await offline(
      "allows",
      "--rules",
      tier,
      "--verb",
      "get",
      "--resource",
      "tier.networkpolicies",
      "--group",
      "projectcalico.org",
      "--name",
      "net-sec.*",
    ),
  ).toMatchObject({ code: 0, stderr: "" });
});

const given = file(
  "given.yaml",
  `${rbac}
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [""], resources: [secrets, nodes], verbs: [get]}
---
${rbac}
kind: RoleBinding
metadata: {name: readers, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, name: app}, {kind: User, name: ada}]
---
${rbac}
kind: ClusterRoleBinding
metadata: {name: admins}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
subjects: [{kind: Group, name: developers}]
---
${rbac}
kind: ClusterRoleBinding
metadata: {name: others}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: elsewhere}
subjects: [{kind: Group, name: developers}]
`,
);

test("who-can answers from files: by namespace, in any where none is named, and by the subjects that are asked for", async () => {
  const whoCan = (...args: string[]) => offline("who-can", "get", ...args, "--rules", given);
  const all = await whoCan("secrets");
  expect(all.stdout).toMatch(
    /Group developers +\* +ClusterRoleBinding admins +ClusterRole admin\nServiceAccount shop\/app +shop +RoleBinding shop\/readers +ClusterRole reader\nUser ada +shop/,
  );
  expect(all).toMatchObject({
    code: 0,
    stderr: `note: ${given}:5: nothing is granted by nodes in a ClusterRole that RoleBindings alone bind here: nodes are in no namespace: it takes a ClusterRoleBinding\nnote: ClusterRoleBinding others names ClusterRole elsewhere, which is not in ${given}\n`,
  });
  expect((await whoCan("secrets", "-n", "other")).stdout).not.toContain("shop");
  expect((await whoCan("secrets", "--subjects", "^User")).stdout).toMatch(/^SUBJECT .*\nUser ada .*\n$/);
  expect(await whoCan("nodes")).toMatchObject({ code: 1, stderr: expect.stringContaining(`${given}: nobody may get nodes`) as string });
  expect(await whoCan("secrets", "--subjects", "(")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("error: (: Invalid regular expression") as string,
  });
  expect(await offline("who-can", "get", "secrets", "--rules", roles)).toMatchObject({
    code: 2,
    stderr: "error: roles.yaml: holds no bindings: nobody is given anything\n",
  });
});

test("what-can answers from files, for one subject or all whom an expression fits", async () => {
  const whatCan = (...args: string[]) => offline("what-can", ...args, "--rules", given);
  expect((await whatCan("shop/app")).stdout).toMatch(/shop +get +secrets +RoleBinding shop\/readers +ClusterRole reader +app/);
  expect((await whatCan("/^(User|ServiceAccount) /")).stdout).toMatch(/RoleBinding shop\/readers +ClusterRole reader +app, ada/);
  const nothing = expect.stringContaining(`${given}: User eve may do nothing\n`) as string;
  expect(await whatCan("user:eve")).toMatchObject({ code: 1, stdout: "", stderr: nothing });
});

test("a matrix shows subjects by resources, or one subject's verbs", async () => {
  const matrix = (...args: string[]) => offline("matrix", "secrets", "pods", "--rules", given, ...args);
  const { stdout } = await matrix("-n", "shop");
  expect(stdout).toMatch(/^SUBJECT +SECRETS +PODS\nGroup developers +all +all\nServiceAccount shop\/app +get +-\nUser ada +get +-\n$/);
  expect((await matrix("-n", "other")).stdout).not.toContain("ada");
  expect((await matrix("-n", "shop", "--for", "user:ada")).stdout).toMatch(/^VERB +SECRETS +PODS\nget +yes +-\nlist +- +-\n/);
});

test("a graph of files leads to the nodes from whoever makes pods where privileged ones are let in", async () => {
  const binding = (namespace: string) =>
    `${rbac}\nkind: RoleBinding\nmetadata: {name: editors, namespace: ${namespace}}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}\nsubjects: [{kind: User, name: ada}]\n`;
  const space = (name: string, level: string) =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {pod-security.kubernetes.io/enforce: ${level}}}\n`;
  const deploy = [space("open", "privileged"), space("shut", "baseline"), binding("open"), binding("shut")];
  const { stdout, code } = await offline("graph", "--rules", file("deploy.yaml", deploy.join("---\n")), "-o", "dot");
  expect(code).toBe(0);
  expect(stdout).toContain('"role ClusterRole edit in open" -> "risk the nodes" [label="privileged pods in open"]');
  expect(stdout).not.toContain("privileged pods in shut");
});

test("a graph is drawn of files", async () => {
  const graph = (...args: string[]) => offline("graph", "--rules", given, ...args);
  expect((await graph("--subjects", "ada")).stdout).toMatch(/^flowchart LR\n(.*\n)*.*User ada/);
  expect((await graph("-o", "html")).stdout).toMatch(/^<!doctype html>[^]*ClusterRole admin[^]*<\/html>\n$/);
  expect(await graph("-n", "other")).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("nobody reaches a risk of severity high or worse") as string,
  });
});

test("risks of one's own are found beside the known ones, and what is wrong in them is told with its line", async () => {
  const own = (when: string) =>
    file("own.yaml", `- id: ours\n  severity: critical\n  title: reads nodes\n  when: ${JSON.stringify(when)}\n`);
  const risks = (when: string) => offline("risks", given, "--own", own(when), "--fail-on", "critical");
  expect((await risks('role.name == "reader" && "nodes" in rule.resources')).stdout).toMatch(
    /critical +ours +ClusterRole reader +given\.yaml:5/,
  );
  expect((await risks('"nodes" in rule.resourceNames')).stdout).not.toContain("ours");
  expect(await risks("rule.(")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/own\.yaml:4: \[0\]\.when: is no CEL expression/) as string,
  });
  expect(await risks("rule.verb == 1")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/own\.yaml:4: \[0\]\.when: `rule.verb == 1`: there is no "verb"/) as string,
  });
  expect(await risks("verb == 1")).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no "verb"') as string });
  expect(await risks("rule.verbs")).toMatchObject({ code: 2, stderr: expect.stringContaining("gives no true or false") as string });
});
