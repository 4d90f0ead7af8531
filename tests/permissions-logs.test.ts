import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { file } from "./support/cli.ts";
import { offline } from "./support/permissions.ts";

const user = "system:serviceaccount:shop:app";
let id = 0;

function event(verb: string, path: string, objectRef?: object, { decision = "allow", code = 200 } = {}): string {
  return JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    auditID: `id-${id++}`,
    stage: "ResponseComplete",
    requestURI: path,
    verb,
    user: { username: user },
    userAgent: "app/1.0 (linux)",
    objectRef,
    responseStatus: { code },
    requestReceivedTimestamp: `2026-11-01T00:00:${String(id).padStart(2, "0")}Z`,
    annotations: { "authorization.k8s.io/decision": decision },
  });
}

const secret = (name: string, namespace: string) =>
  event("get", `/api/v1/namespaces/${namespace}/secrets/${name}`, { resource: "secrets", namespace, name });
const events = [
  ...["a", "b", "c"].map((name) => secret(name, "shop")),
  ...["bank", "park"].map((namespace) => event("list", `/api/v1/namespaces/${namespace}/pods`, { resource: "pods", namespace })),
  event("delete", "/api/v1/nodes/one", { resource: "nodes", name: "one" }, { decision: "forbid", code: 403 }),
];
const log = file("app.log", events.join("\n"));
const infer = (...args: string[]) => offline("infer", "--audit-log", log, "--service-account", "shop/app", ...args);

test("limits make roles that hold for what is like what was seen", async () => {
  const table = async (...args: string[]) => (await infer("-o", "table", ...args)).stdout.replaceAll(/ +/g, " ");
  expect(await table()).toMatch(/shop get secrets "a","b","c"\n/);
  expect(await table("--names-limit", "2")).toMatch(/shop get secrets\n/);
  expect(await table("--namespaces-limit", "1")).toMatch(/^\* list pods$/m);
  expect(await infer("--names-limit", "some")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Must be a whole number") as string,
  });
});

test("bindings come with the ServiceAccount and name the roles that were printed", async () => {
  const { stdout } = await infer("--bindings");
  const objects = parseAllDocuments(stdout).map(
    (document) =>
      document.toJS() as { kind: string; metadata: { name: string; namespace?: string }; roleRef?: object; subjects?: object[] },
  );
  expect(objects.map(({ kind, metadata: { namespace } }) => `${kind} ${namespace}`)).toEqual([
    "Role bank",
    "Role park",
    "Role shop",
    "ServiceAccount shop",
    "RoleBinding bank",
    "RoleBinding park",
    "RoleBinding shop",
  ]);
  expect(objects.at(-1)).toMatchObject({
    roleRef: { kind: "Role", name: "app" },
    subjects: [{ kind: "ServiceAccount", name: "app", namespace: "shop" }],
  });
  expect(await offline("infer", "--audit-log", log, "--bindings")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--bindings takes --user or --service-account") as string,
  });
  // What was printed does what was seen.
  const roles = file("inferred.yaml", stdout);
  expect(await offline("who-can", "get", "secrets", "b", "-n", "shop", "--rules", roles)).toMatchObject({ code: 0 });
});

test("what was refused makes the role that it would have taken", async () => {
  expect((await infer("--from-denied", "-o", "table")).stdout).toMatch(/^\* +delete +nodes "one"$/m);
  const quiet = file("quiet.log", secret("a", "shop"));
  expect(await offline("infer", "--audit-log", quiet, "--from-denied")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("no refused request among the 1 event") as string,
  });
});

test("--why shows the events that gave a grant", async () => {
  const { code, stdout, stderr } = await infer("--why", "get secrets b");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "1 event for get secrets b\n" });
  expect(stdout).toMatch(/T00:00:02Z +system:serviceaccount:shop:app +get secrets "b" in shop +200 +id-1 +app\/1\.0/);
  expect(await infer("--why", "delete secrets")).toMatchObject({ code: 1, stdout: "" });
  expect(await infer("--why", "secrets")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("write a verb and what it is on") as string,
  });
});

test("a comparison tells what was used for less than it is for", async () => {
  const role = file(
    "wide.yaml",
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: w}\nrules:\n- {apiGroups: [""], resources: [secrets], verbs: [get]}\n- {apiGroups: [""], resources: [pods], verbs: [list]}\n`,
  );
  expect(await infer("--compare", role)).toMatchObject({
    code: 0,
    stdout: '~ get secrets: used for "a", "b", "c" in shop only\n~ list pods: used in bank, park only\n',
    stderr: "0 grants not used (-), 2 grants used for less (~), 0 requests not granted (+)\n",
  });
});

test("a managed cluster's log is told for what it is, with what it can't show", async () => {
  const wrapped = file("eks.json", JSON.stringify({ events: events.map((message) => ({ message })) }, null, 2));
  const { stdout, stderr } = await offline("infer", "--audit-log", wrapped, "--service-account", "shop/app");
  expect(stdout).toBe((await infer()).stdout);
  expect(stderr).toContain("note: this is a log of EKS: CloudWatch cuts events of more than 256 KB");
  const create = () => event("create", "/api/v1/namespaces/shop/pods", { resource: "pods", namespace: "shop" }, { code: 201 });
  const writes = file("writes.log", Array.from({ length: 10 }, create).join("\n"));
  expect((await offline("infer", "--audit-log", writes)).stderr).toContain("the log shows no get, list or watch");
});
