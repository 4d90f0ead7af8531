import { describe, expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { file } from "./support/cli.ts";
import { offline, run } from "./support/permissions.ts";

const roles = file(
  "roles.yaml",
  `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: wide}
rules:
  - {apiGroups: [""], resources: [pods], verbs: [get, list]}
  - {nonResourceURLs: [/metrics], verbs: [get]}
`,
);

describe("infer", () => {
  const event = (user: string, verb: string, objectRef: object, more: object = {}): string =>
    JSON.stringify({
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level: "Metadata",
      auditID: Math.random().toString(36),
      stage: "ResponseComplete",
      requestURI: "/x",
      verb,
      user: { username: user, groups: [] },
      objectRef,
      responseStatus: { code: 200 },
      requestReceivedTimestamp: "2026-05-01T00:00:00.000000Z",
      annotations: { "authorization.k8s.io/decision": "allow" },
      ...more,
    });
  const builder = "system:serviceaccount:team-a:builder";
  const log = [
    event(builder, "list", { resource: "pods", apiVersion: "v1", namespace: "team-a" }),
    event(builder, "get", { resource: "nodes", apiVersion: "v1", name: "one" }),
    event(
      "ada",
      "delete",
      { resource: "pods", apiVersion: "v1", namespace: "team-a", name: "x" },
      { requestReceivedTimestamp: "2026-04-01T00:00:00Z" },
    ),
    "",
  ].join("\n");
  file("audit.log", log);
  file("audit.log.gz", gzipSync(log));

  test.each(["audit.log", "audit.log.gz"])("the least roles come out of %s", async (name) => {
    const { code, stdout } = await offline("infer", "--audit-log", name, "--service-account", "team-a/builder", "-o", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      items: [
        { kind: "ClusterRole", metadata: { name: "builder" }, rules: [{ verbs: ["get"], resources: ["nodes"], resourceNames: ["one"] }] },
        { kind: "Role", metadata: { name: "builder", namespace: "team-a" }, rules: [{ verbs: ["list"], resources: ["pods"] }] },
      ],
    });
  });

  test("what comes out as YAML can be compared with, and grants all that was done", async () => {
    const yaml = (await run(["infer", "--audit-log", "-", "--name", "mine"], { input: log })).stdout;
    expect(await offline("infer", "--audit-log", "audit.log", "--compare", file("least.yaml", yaml))).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "0 grants not used (-), 0 requests not granted (+)\n",
    });
    expect(await offline("infer", "--audit-log", "audit.log", "--user", "ada", "--compare", roles)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/- get \/metrics(.*\n)*\+ delete pods "x" in team-a\n$/) as string,
    });
  });

  test("what no log shows of a request is told, unless the roles grant it", async () => {
    const rbac = { apiGroup: "rbac.authorization.k8s.io", apiVersion: "v1" };
    const requestURI = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    const creates = event("ada", "create", { ...rbac, resource: "clusterroles" }, { requestURI });
    const escalates = event("bob", "escalate", { ...rbac, resource: "clusterroles" }, { requestURI });
    const input = [creates, creates.replace('"ada"', '"bob"'), escalates, ""].join("\n");
    expect((await run(["infer", "--audit-log", "-", "--user", "ada"], { input })).stderr).toBe(
      "note: the roles may lack escalate clusterroles.rbac.authorization.k8s.io, which no log shows. When the API server asks for it: the role grants what the user doesn't hold\n",
    );
    expect((await run(["infer", "--audit-log", "-", "--user", "bob"], { input })).stderr).toBe("");
  });

  test.each<[what: string, args: string[], code: number, says: RegExp]>([
    [
      "a user of whom there is nothing, with those that the log has",
      ["--user", "bob"],
      1,
      /no allowed request of user "bob" among the 3 events of audit\.log; it has requests of system:serviceaccount:team-a:builder, ada/,
    ],
    [
      "a time after which there is nothing",
      ["--user", "ada", "--since", "2026-04-15"],
      1,
      /no allowed request of user "ada" since 2026-04-15/,
    ],
    ["a time that is none", ["--since", "yesterday"], 2, /--since yesterday: is neither a time/],
    [
      "a ServiceAccount without its namespace",
      ["--service-account", "builder"],
      2,
      /--service-account builder: write it as NAMESPACE\/NAME/,
    ],
    ["a user where a ServiceAccount is asked for", ["--service-account", "user:ada"], 2, /write it as NAMESPACE\/NAME/],
    ["a name that no role can have", ["--name", "a/b"], 2, /--name a\/b: a role's name/],
    ["standard input for two things", ["-", "--compare", "-"], 2, /-: standard input can be read only once/],
  ])("%s", async (_what, args, code, says) => {
    expect(await offline("infer", "--audit-log", "audit.log", ...args)).toMatchObject({
      code,
      stderr: expect.stringMatching(says) as string,
    });
  });

  test("a file that is no audit log is refused with its line", async () => {
    expect(await offline("infer", "--audit-log", roles)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/roles\.yaml:1: no audit event/) as string,
    });
    expect(await offline("infer", "--audit-log", "missing.log")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/cannot read the audit log missing\.log/) as string,
    });
  });
});
