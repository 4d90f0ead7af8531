import { dirname } from "node:path";
import { expect, test } from "vitest";
import { fileOf, run } from "../run.fixture.ts";

const apiVersion = "apiVersion: rbac.authorization.k8s.io/v1";
const role = (name: string, resource: string) =>
  `${apiVersion}\nkind: ClusterRole\nmetadata: {name: ${name}}\nrules: [{apiGroups: [""], resources: [${resource}], verbs: [get]}]\n---\n`;
const binding = (name: string) =>
  `${apiVersion}\nkind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${name}}\nsubjects: [{kind: User, name: ada}]\n`;

test("of two roles of one name the last counts, which is said", async () => {
  const first = fileOf("a.yaml", role("r", "pods"));
  const second = fileOf("b.yaml", role("r", "secrets") + binding("r"));
  const { out, errors } = await run("who-can", "get", "secrets", "--rules", first, second);
  expect(out.join("\n")).toContain("User ada");
  expect(errors).toContain(
    `note: ClusterRole r is there 2 times, at ${first}:4 and ${second}:4: bindings are taken to give the last, as applied in this order`,
  );
  expect((await run("who-can", "get", "secrets", "--rules", second, second)).errors.join()).not.toContain("is there");
});

test("a file that can't be read keeps none of the others from being asked, and ends with 2", async () => {
  const good = fileOf("good.yaml", role("r", "pods") + binding("r"));
  const bad = fileOf("bad.yaml", "rules: [\n");
  for (const words of [
    ["who-can", "get", "pods"],
    ["who-can", "delete", "pods"],
    ["what-can", "user:ada"],
    ["matrix", "-n", "a"],
  ]) {
    const { errors, failure } = await run(...words, "--rules", bad, good);
    expect(failure).toBeUndefined();
    expect(errors.join("\n")).toContain("bad.yaml:2: not YAML");
    expect(process.exitCode).toBe(2);
  }
  expect((await run("who-can", "get", "pods", "--rules", good)).out.join("\n")).toContain("User ada");
  expect((await run("who-can", "get", "pods", "--rules", bad)).failure).toMatchObject({ exitCode: 2 });
});

test("who may do something for a signer's domain may do it for each signer there", async () => {
  const file = fileOf(
    "signers.yaml",
    `${apiVersion}\nkind: ClusterRole\nmetadata: {name: r}\nrules: [{apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: [example.com/*], verbs: [approve]}]\n---\n${binding("r")}`,
  );
  const { out, errors } = await run("who-can", "approve", "signers", "example.com/foo", "--rules", file);
  expect(out.join("\n")).toContain("User ada");
  expect(errors.join("\n")).toContain('whoever may approve signers.certificates.k8s.io "example.com/*" may too');
  const allows = await run("allows", "--rules", file, "--verb", "approve", "--resource", "signers", "--name", "example.com/foo");
  expect(allows.out.join("\n")).toMatch(/^yes/);
  expect((await run("who-can", "approve", "signers", "example.org/foo", "--rules", file)).out.join("\n")).not.toContain("ada");
});

test("a RoleBinding gives nothing of what is in no namespace", async () => {
  const within = `${apiVersion}\nkind: RoleBinding\nmetadata: {name: b, namespace: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}\nsubjects: [{kind: User, name: ada}]\n`;
  const file = fileOf("within.yaml", role("r", "pods, nodes") + within);
  const { out, errors } = await run("what-can", "user:ada", "--rules", file);
  expect(out.join("\n")).toMatch(/get +pods +RoleBinding/);
  expect(errors.join("\n")).toContain("nothing is granted by nodes in a ClusterRole that RoleBindings alone bind here");
});

test("a kustomization is no input by itself", async () => {
  const file = fileOf("kustomization.yaml", "resources: [role.yaml]\n");
  expect((await run("risks", file)).failure).toMatchObject({
    message: `${file}: is a kustomization, which has to be built: give its folder, or kubectl kustomize ${dirname(file)} | plimsoll permissions … -`,
  });
});

test("an acceptance of a risk that there isn't is told, with the risk that was meant", async () => {
  const baseline = fileOf("baseline.yaml", "- {id: secret-read, reason: known}\n- {id: pods-exec, reason: known}\n");
  const { errors } = await run("risks", fileOf("a.yaml", role("r", "secrets")), "--baseline", baseline);
  expect(errors).toContain(`note: ${baseline}:1: there is no risk with the id secret-read; did you mean "secrets-read"?`);
  expect(errors).toContain(`note: ${baseline}:2: the acceptance of pods-exec fits no finding any more: take it out`);
});

test("a risk of one's own has an id of its own", async () => {
  const own = (...ids: string[]) => fileOf("own.yaml", ids.map((id) => `- {id: ${id}, severity: low, title: a, when: "false"}\n`).join(""));
  const file = fileOf("a.yaml", role("r", "secrets"));
  const failed = async (...ids: string[]) => (await run("risks", file, "--own", own(...ids))).failure;
  expect(await failed("secrets-read")).toMatchObject({
    message: expect.stringContaining("[0].id: secrets-read: is a known risk's") as string,
  });
  expect(await failed("a", "a")).toMatchObject({ message: expect.stringContaining("[1].id: a: is there twice") as string });
  expect(await failed("a", "b")).toBeUndefined();
});

test("the rules of a role that gathers others are told to be lost, and one that says it gathers and doesn't is refused", async () => {
  const gathers = (rule: string) => role("sum", "pods").replace("rules:", `aggregationRule: ${rule}\nrules:`);
  const selecting = fileOf("a.yaml", gathers("{clusterRoleSelectors: [{matchLabels: {a: b}}]}"));
  expect((await run("compact", selecting)).errors.join("\n")).toContain(
    "note: ClusterRole sum has an aggregationRule: its own rules count for nothing",
  );
  for (const rule of ["{}", "{clusterRoleSelectors: []}"])
    expect((await run("risks", fileOf("a.yaml", gathers(rule)))).failure).toMatchObject({
      message: expect.stringContaining("aggregationRule.clusterRoleSelectors: ") as string,
    });
});

test("a cluster that can't be asked ends with another code than the answer no", async () => {
  const kubeconfig = fileOf(
    "kubeconfig",
    `apiVersion: v1
kind: Config
clusters: [{name: a, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: a, user: {token: a}}]
contexts: [{name: a, context: {cluster: a, user: a}}]
current-context: a
`,
  );
  for (const words of [["who-can", "get", "pods"], ["what-can", "user:ada"], ["risks", "--live"], ["whoami"]])
    expect((await run(...words, "--kubeconfig", kubeconfig)).failure).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("is the cluster up") as string,
    });
});

test("where a role's name stands for a file, it is told how a role of the cluster is named", async () => {
  const { failure } = await run("covers", "--owner", "edit", "--servant", "view");
  expect(failure).toMatchObject({
    message: expect.stringMatching(
      /^edit: cannot be read: .*; for a role of the cluster, write clusterrole\/edit or role\/edit$/,
    ) as string,
    exitCode: 2,
  });
  expect((await run("compact", "no.yaml")).failure).toMatchObject({ message: expect.not.stringContaining("clusterrole/") as string });
});
