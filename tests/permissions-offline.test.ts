import { describe, expect, test } from "vitest";
import { file } from "./support/cli.ts";
import { offline, run } from "./support/permissions.ts";

const rbac = "apiVersion: rbac.authorization.k8s.io/v1";
const roles = file(
  "roles.yaml",
  `${rbac}
kind: ClusterRole
metadata: {name: wide, labels: {team: a}}
rules:
  - {apiGroups: [""], resources: [pods], verbs: [get]}
  - {apiGroups: [""], resources: [pods], verbs: [list]}
  - {apiGroups: [apps], resources: [deployments], verbs: [patch]}
  - {nonResourceURLs: [/metrics], verbs: [get]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
---
${rbac}
kind: Role
metadata: {name: narrow, namespace: team-a}
rules:
  - apiGroups: [""]
    resources: [pods/exec]
    verbs: [get]
`,
);

describe("allows", () => {
  test.each<[what: string, args: string[], code: number, says: RegExp]>([
    [
      "a granted request: the rule and its line",
      ["--verb", "list", "--resource", "pods"],
      0,
      /^yes\ngranted by ClusterRole wide, roles\.yaml:6: list pods\n/,
    ],
    [
      "a resource of Kubernetes' own without its group",
      ["--verb", "patch", "--resource", "deployments", "--name", "web"],
      0,
      /roles\.yaml:7(.*\n)*no +create deployments\.apps "web" +the object does not exist/,
    ],
    ["a path", ["--verb", "get", "--path", "/metrics"], 0, /roles\.yaml:8: get \/metrics/],
    ["a subresource that its resource doesn't grant", ["--verb", "get", "--resource", "pods/log"], 1, /^no\n$/],
    [
      "a Role in its namespace, with the second check of a WebSocket",
      ["--verb", "get", "--resource", "pods/exec", "-n", "team-a"],
      0,
      /Role team-a\/narrow, roles\.yaml:18: (.*\n)*no +create pods\/exec in team-a/,
    ],
    [
      "a Role outside its namespace",
      ["--verb", "get", "--resource", "pods/exec", "-n", "team-b"],
      1,
      /^no\nRole team-a\/narrow grants it within namespace team-a only/,
    ],
    [
      "a Role without a namespace",
      ["--verb", "get", "--resource", "pods/exec"],
      1,
      /^no\nRole team-a\/narrow grants it within namespace team-a only/,
    ],
    ["one role of the file", ["--verb", "list", "--resource", "pods", "--role", "narrow", "-n", "team-a"], 1, /^no\n$/],
  ])("%s", async (_what, args, code, says) => {
    const result = await offline("allows", "--rules", roles, ...args);
    expect(result).toMatchObject({
      code,
      stdout: expect.stringMatching(says) as string,
      stderr: "roles.yaml: left out, as no roles: Deployment web\n",
    });
  });

  test("tells a program the same", async () => {
    const { stdout } = await offline("allows", "--rules", roles, "--verb", "patch", "--resource", "deployments.apps", "-o", "json");
    expect(JSON.parse(stdout)).toMatchObject({
      allowed: true,
      request: { verb: "patch", group: "apps", resource: "deployments" },
      by: { name: "wide", line: 7, index: 2 },
      secondChecks: [{ allowed: false, request: { verb: "create" } }],
    });
  });

  test("a verb that Kubernetes hasn't is told", async () => {
    expect(await offline("allows", "--rules", "ref:ocean", "--verb", "lst", "--resource", "pods")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('"lst" is no verb of Kubernetes\' own') as string,
    });
  });
});

test("covers tells the atoms that an owner lacks", async () => {
  const owner = file("owner.json", JSON.stringify([{ apiGroups: [""], resources: ["pods"], verbs: ["*"] }]));
  const servant = file("servant.yaml", "rules:\n- {apiGroups: ['', batch], resources: [pods, jobs], verbs: [get]}\n");
  expect(await offline("covers", "--owner", owner, "--servant", servant)).toEqual({
    code: 1,
    stdout: "get jobs\nget jobs.batch\nget pods.batch\n",
    stderr: "owner.json lacks 3 grants of servant.yaml\n",
  });
  expect(await offline("covers", "--owner", servant, "--servant", servant)).toMatchObject({ code: 0, stdout: "" });
  expect(await offline("covers", "--owner", "ref:ai-pipeline", "--servant", "ref:ai-pipeline", "-o", "json")).toMatchObject({
    code: 0,
    stdout: "[]\n",
  });
});

test("diff tells what two sides grant, however it is written; one may be standard input", async () => {
  const a = "- {apiGroups: [''], resources: [pods], verbs: [get, list]}\n";
  const b = file(
    "b.yaml",
    "rules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n- {apiGroups: [''], resources: [pods], verbs: [watch]}\n",
  );
  expect(await run(["diff", "-", b], { input: a })).toMatchObject({ code: 1, stdout: "- list pods\n+ watch pods\n" });
  expect(await run(["diff", "-", file("a2.yaml", a)], { input: a })).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(await run(["diff", "-", "-"], { input: a })).toMatchObject({ code: 2, stderr: expect.stringContaining("only once") as string });
  const role = (kind: string, namespace: string) => `${rbac}\nkind: ${kind}\nmetadata: {name: a${namespace}}\nrules:\n${a}`;
  const within = file("within.yaml", role("Role", ", namespace: team-a"));
  expect(await offline("diff", within, file("everywhere.yaml", role("ClusterRole", "")))).toMatchObject({
    code: 1,
    stdout: "+ get pods everywhere\n+ list pods everywhere\n",
  });
  expect(await offline("diff", within, file("elsewhere.yaml", role("Role", ", namespace: team-b")))).toMatchObject({
    code: 1,
    stdout: "- get pods in team-a\n- list pods in team-a\n+ get pods in team-b\n+ list pods in team-b\n",
  });
});

test("compact keeps the roles whole and their meaning, and tells the counts", async () => {
  const { stdout, stderr } = await offline("compact", roles);
  expect(stderr).toBe("roles.yaml: left out, as no roles: Deployment web\nClusterRole wide: 4 rules → 3\nRole team-a/narrow: 1 rule → 1\n");
  expect(stdout).toMatch(/^apiVersion: .*\nkind: ClusterRole\nmetadata:\n {2}name: wide\n {2}labels:\n/);
  const again = await run(["diff", "-", roles], { input: stdout });
  expect(again).toMatchObject({ code: 0, stdout: "" });
  expect(JSON.parse((await offline("compact", roles, "-o", "json")).stdout)).toMatchObject({
    kind: "List",
    items: [{ metadata: { labels: { team: "a" } } }, {}],
  });
});

test("risks gives lines, fails on what is bad enough, and speaks SARIF", async () => {
  const found = await offline("risks", roles, "--fail-on", "critical");
  expect(found).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^SEVERITY +ID +ROLE +RULE +TITLE\nhigh +workloads-write +ClusterRole wide +roles\.yaml:7 .*\nhigh +pods-exec +Role team-a\/narrow +roles\.yaml:18 +runs commands/,
    ) as string,
  });
  expect(await offline("risks", roles, "--fail-on", "high", "-o", "wide")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/error: 2 findings of severity high or worse/) as string,
    stdout: expect.stringContaining("Grant it in one namespace") as string,
  });
  const sarif: unknown = JSON.parse((await offline("risks", roles, "-o", "sarif")).stdout);
  expect(sarif).toMatchObject({
    version: "2.1.0",
    runs: [
      {
        results: [
          { ruleId: expect.any(String) as string },
          { locations: [{ physicalLocation: { artifactLocation: { uri: "roles.yaml" }, region: { startLine: 18 } } }] },
        ],
      },
    ],
  });
  expect(await offline("risks", file("none.yaml", "rules: []\n"))).toMatchObject({
    code: 0,
    stdout: "",
    stderr: "no known risks in 1 role\n",
  });
  expect((await offline("risks", roles, "-o", "yaml")).stdout).not.toMatch(/[&*]a\d/);
});

test("explain has an answer for what no feature declares, and none for what it doesn't know", async () => {
  expect(await offline("explain", "delete", "secrets")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^error: "delete secrets": no feature declares that\. /) as string,
  });
  expect(await offline("explain", "secretz")).toMatchObject({ code: 2 });
});

test("risks looks through a folder's other files, and says which roles have their rules elsewhere", async () => {
  const pod = file("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n");
  expect(await offline("risks", pod, roles)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("roles.yaml:7") as string,
  });
  const nothing = "pod.yaml: holds no role, and no binding to one that is known: nothing was judged\n";
  expect(await offline("risks", pod)).toEqual({ code: 0, stdout: "", stderr: nothing });
  expect(await offline("risks", pod, "--fail-on", "low")).toEqual({ code: 2, stdout: "", stderr: `error: ${nothing}` });
  const aggregated = file(
    "aggregated.yaml",
    `${rbac}\nkind: ClusterRole\nmetadata: {name: sum}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {part: a}}]}\nrules: []\n`,
  );
  expect(await offline("risks", aggregated)).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(
      /^note: ClusterRole sum takes its rules from others in the cluster, by its aggregationRule; none are in aggregated\.yaml\n/,
    ) as string,
  });
});

test.each<[what: string, text: string, says: string]>([
  ["a file that isn't there", "", "missing.yaml: cannot be read: ENOENT"],
  ["an empty file", "# nothing\n", "bad.yaml: is empty: give a Role"],
  ["text that is no YAML", "rules: [\n", "bad.yaml:2: not YAML: "],
  ["a lone star", "rules:\n- verbs: [*]\n", 'bad.yaml:2: not YAML: Alias cannot be an empty string; a lone * takes quotes, as in ["*"]'],
  ["a template", "rules:\n{{- if .Values.rbac }}\n- verbs: [get]\n", "bad.yaml:2: is a Helm template, and has to be rendered first"],
  [
    "a template in quotes",
    "- apiGroups: ['']\n  resources: [pods]\n  verbs: ['{{ .Values.verb }}']\n",
    "bad.yaml:3: is a Helm template, and has to be rendered first",
  ],
  ["a scalar", "42\n", "bad.yaml:1: is neither an object nor a list of rules"],
  [
    "a role without its group",
    "kind: Role\nmetadata: {name: a}\n",
    "bad.yaml:1: apiVersion: is missing: must be rbac.authorization.k8s.io/v1",
  ],
  ["a role without a name", `${rbac}\nkind: Role\nmetadata: {}\n`, "bad.yaml:3: metadata.name: is missing: give a string"],
  ["an object without a kind", "metadata: {name: a}\n", "bad.yaml:1: kind: is missing"],
  [
    "verbs that are no list",
    `${rbac}\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n- apiGroups: [""]\n  resources: [pods]\n  verbs: get\n`,
    'bad.yaml:7: rules[0].verbs: is "get": must be a list',
  ],
  [
    "a misspelt field",
    "- apiGroups: ['']\n  resource: [pods]\n  verbs: [get]\n",
    'bad.yaml:2: [0].resource: there is no such field; did you mean "resources"?',
  ],
  [
    "a misspelt field in a Role",
    `${rbac}\nkind: Role\nmetadata: {name: a}\nrules:\n- {apiGroups: [""], resource: [pods], verbs: [get]}\n`,
    'bad.yaml:5: rules[0].resource: there is no such field; did you mean "resources"?',
  ],
  ["a rule without verbs", "rules:\n- {apiGroups: [''], resources: [pods]}\n", "bad.yaml:2: rules[0].verbs: is missing: give a list"],
  [
    "a rule without a group",
    "rules:\n- {resources: [pods], verbs: [get]}\n",
    "bad.yaml:2: rules[0].apiGroups: is empty: name the API groups",
  ],
  [
    "paths beside resources",
    "rules:\n- {apiGroups: [''], resources: [pods], nonResourceURLs: [/x], verbs: [get]}\n",
    "rules[0].nonResourceURLs: a rule is for paths or for resources",
  ],
  [
    "paths in a Role",
    `${rbac}\nkind: Role\nmetadata: {name: a}\nrules:\n- {nonResourceURLs: [/x], verbs: [get]}\n`,
    "bad.yaml:5: rules[0].nonResourceURLs: a Role grants no paths",
  ],
  ["a second mistake", "rules:\n- {apiGroups: [''], resources: [pods]}\n- 3\n", "(and 1 more mistake)"],
  [
    "an item of a List",
    `apiVersion: v1\nkind: List\nitems:\n- ${rbac}\n  kind: ClusterRole\n  metadata: {name: 3}\n`,
    "bad.yaml:6: items[0].metadata.name: is 3: must be a string",
  ],
])("%s is one clear error with exit code 2, and no stack trace", async (_what, text, says) => {
  const { code, stdout, stderr } = await offline("risks", text === "" ? "missing.yaml" : file("bad.yaml", text));
  expect(stderr).toContain(says);
  expect(stderr).toMatch(/^error: .*\n$/);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test.each<[what: string, args: string[], says: RegExp]>([
  ["an unknown reference", ["risks", "ref:sea"], /ref:sea: there is no such reference: give ref:ocean,/],
  ["no source", ["risks"], /give a file, - for standard input, or --live/],
  [
    "both a resource and a path",
    ["allows", "--rules", roles, "--verb", "get", "--resource", "pods", "--path", "/x"],
    /give either --resource or --path/,
  ],
  [
    "a resource that nobody knows",
    ["allows", "--rules", roles, "--verb", "get", "--resource", "podz"],
    /podz: is no resource of Kubernetes' own; did you mean "pods"\? .*--group example\.com/,
  ],
  [
    "a file of other kinds alone",
    ["compact", file("only.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n")],
    /only\.yaml: holds only Pod web: give a Role/,
  ],
  [
    "a name beside a path",
    ["allows", "--rules", roles, "--verb", "get", "--path", "/x", "--name", "a"],
    /--name and --group go with --resource/,
  ],
  ["--all without --live", ["risks", roles, "--all"], /--all goes with --live/],
  ["SARIF of what is in no file", ["risks", roles, "ref:ocean", "-o", "sarif"], /files and lines, which ref:ocean doesn't have/],
  ["a subject that is none", ["what-can", "ada"], /ada: is no subject: write user:NAME/],
  ["SARIF of a cluster", ["risks", "--live", "-o", "sarif"], /use -o json with --live/],
])("%s is a usage error", async (_what, args, says) => {
  expect(await offline(...args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(says) as string });
});
