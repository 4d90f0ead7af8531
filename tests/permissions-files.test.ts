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
  expect(all).toMatchObject({ code: 0, stderr: `note: ClusterRoleBinding others names ClusterRole elsewhere, which is not in ${given}\n` });
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
  expect((await whatCan("shop/app")).stdout).toMatch(/shop +get +secrets,nodes +RoleBinding shop\/readers +ClusterRole reader +app/);
  expect((await whatCan("/^(User|ServiceAccount) /")).stdout).toMatch(/RoleBinding shop\/readers +ClusterRole reader +app, ada/);
  expect(await whatCan("user:eve")).toMatchObject({ code: 1, stdout: "", stderr: `${given}: User eve may do nothing\n` });
});
