import { expect, test } from "vitest";
import { fileOf, run } from "../run.fixture.ts";

const crd = (plural: string, scope: string, more = "") => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${plural}.example.com}
spec:
  group: example.com
  scope: ${scope}
  names: {plural: ${plural}, kind: ${plural.slice(0, -1)}${more}}
---
`;
const role = (kind: string, resource: string, verb: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: {name: ${verb}s-${resource}${kind === "Role" ? ", namespace: shop" : ""}}
rules: [{apiGroups: [example.com], resources: [${resource}], verbs: [${verb}]}]
---
`;

test("allows knows names and scopes by the CRDs beside the rules", async () => {
  const file = fileOf(
    "roles.yaml",
    [
      crd("widgets", "Cluster", ", shortNames: [wd]"),
      crd("groups", "Namespaced"),
      role("ClusterRole", "widgets", "get"),
      role("Role", "widgets", "list"),
      role("Role", "groups", "get"),
    ].join(""),
  );
  const allows = async (verb: string, resource: string, ...more: string[]) => {
    const { out, errors, failure } = await run("allows", "--rules", file, "--verb", verb, "--resource", resource, ...more);
    expect(failure).toBeUndefined();
    return { answer: out.join("\n").split("\n"), notes: errors.filter((line) => !line.includes("nothing is granted by")) };
  };
  expect(await allows("get", "wd")).toMatchObject({ answer: ["yes", expect.stringContaining("get widgets.example.com")], notes: [] });
  // A Role grants nothing that is in no namespace, in whichever namespace it is.
  expect(await allows("list", "widget")).toEqual({ answer: ["no"], notes: [] });
  expect(await allows("list", "widgets.example.com", "-n", "shop")).toEqual({
    answer: ["no"],
    notes: ["note: widgets are in no namespace: -n shop makes no difference"],
  });
  expect((await allows("get", "groups", "-n", "shop")).answer[0]).toBe("yes");
  expect((await allows("get", "groups")).answer[1]).toMatch(/grants it within namespace shop only/);
  expect((await allows("impersonate", "groups")).notes).toEqual([
    expect.stringContaining('of the API group ""; there are groups in "example.com"'),
  ]);
});

const roleOfPods = fileText("ClusterRole", "pods");

function fileText(kind: string, resource: string): string {
  return `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: {name: a}\nrules: [{apiGroups: [""], resources: [${resource}], verbs: ["*"]}]\n`;
}

test.each<[args: string[], says: RegExp]>([
  [["--verb", "get,list", "--resource", "pods"], /^the verb "get,list": ask about one verb at a time/],
  [["--verb", "", "--resource", "pods"], /^the verb "": ask about one verb at a time/],
  [["--verb", "get", "--resource", "pods,secrets"], /^pods,secrets: is no resource: write each by itself/],
  [["--verb", "get", "--resource", "pods", "-n", ""], /'-n, --namespace <name>' argument '' is invalid\. A namespace's name is/],
  [["--verb", "get", "--resource", "pods", "-n", "Shop_1"], /argument 'Shop_1' is invalid/],
])("allows %j is a usage error", async (args, says) => {
  const { out, failure } = await run("allows", "--rules", fileOf("role.yaml", roleOfPods), ...args);
  expect(out).toEqual([]);
  expect(failure).toMatchObject({ message: expect.stringMatching(says) as string, exitCode: 2 });
});

test("of a verb that Kubernetes hasn't, the one that is meant is named", async () => {
  const file = fileOf("role.yaml", roleOfPods);
  const notes = async (verb: string) => (await run("allows", "--rules", file, "--verb", verb, "--resource", "pods")).errors;
  expect(await notes("GET")).toEqual([`note: "GET" is no verb of Kubernetes' own; did you mean "get"?`]);
  expect(await notes("frobnicate")).toEqual([expect.stringContaining("own; those are get, list, watch")]);
});
