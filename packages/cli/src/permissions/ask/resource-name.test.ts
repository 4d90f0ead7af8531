import { describe, expect, test } from "vitest";
import { resolveResource } from "./resource-name.ts";
import type { Served } from "../objects/served.ts";

const served: Served[] = [
  { group: "", plural: "pods", singular: "pod", kind: "Pod", shortNames: ["po"], namespaced: true, subresources: ["exec"] },
  { group: "", plural: "events", singular: "event", kind: "Event", shortNames: ["ev"], namespaced: true, subresources: [] },
  {
    group: "apps",
    plural: "deployments",
    singular: "deployment",
    kind: "Deployment",
    shortNames: ["deploy"],
    namespaced: true,
    subresources: [],
  },
  { group: "events.k8s.io", plural: "events", singular: "event", kind: "Event", shortNames: ["ev"], namespaced: true, subresources: [] },
  { group: "metrics.k8s.io", plural: "pods", singular: "", kind: "PodMetrics", shortNames: [], namespaced: true, subresources: [] },
  { group: "", plural: "nodes", singular: "node", kind: "Node", shortNames: ["no"], namespaced: false, subresources: [] },
];

test.each<[text: string, group: string | undefined, shown: string]>([
  ["po", undefined, "pods."],
  ["Pod/exec", undefined, "pods./exec"],
  ["deploy", undefined, "deployments.apps"],
  ["deployments.v1.apps/scale", undefined, "deployments.apps/scale"],
  ["ev", undefined, "events."],
  ["events.events.k8s.io", undefined, "events.events.k8s.io"],
  ["events", "events.k8s.io", "events.events.k8s.io"],
  ["pods", "metrics.k8s.io", "pods.metrics.k8s.io"],
  ["widgets.example.com", undefined, "widgets.example.com"],
  ["widgets", "", "widgets."],
  ["signers", undefined, "signers.certificates.k8s.io"],
  ["users", undefined, "users."],
  ["*", undefined, "*.*"],
])("%s with the group %s is %s in a cluster that serves such", (text, group, shown) => {
  const { resource, group: found, subresource } = resolveResource(text, { group, served });
  expect(`${resource}.${found}${subresource === undefined ? "" : `/${subresource}`}`).toBe(shown);
});

test("what is cluster-scoped is known where the cluster serves it", () => {
  expect(resolveResource("no", { served })).toEqual({ group: "", resource: "nodes", namespaced: false });
});

test("offline, Kubernetes' own resources have the names that kubectl knows, with their groups, and others must be given one", () => {
  expect(resolveResource("deployments/scale")).toEqual({ namespaced: true, group: "apps", resource: "deployments", subresource: "scale" });
  for (const name of ["deployment", "deploy", "Deployment", "deploy.apps"])
    expect(resolveResource(name)).toEqual({ namespaced: true, group: "apps", resource: "deployments" });
  expect(["po", "sa", "cm", "csr", "no"].map((name) => resolveResource(name).resource)).toEqual([
    "pods",
    "serviceaccounts",
    "configmaps",
    "certificatesigningrequests",
    "nodes",
  ]);
  expect(() => resolveResource("deploymnts")).toThrow(/did you mean "deployments"\? .*--group/);
  expect(() => resolveResource("widgets")).toThrow("widgets: is no resource of Kubernetes' own; for others, give the API group");
  expect(() => resolveResource("pods/")).toThrow("is no resource: write it as");
});

test("offline, a file's CRDs have their names too", () => {
  const files = [
    {
      group: "example.com",
      plural: "widgets",
      singular: "widget",
      kind: "Widget",
      shortNames: ["wd"],
      namespaced: false,
      subresources: [],
    },
  ];
  for (const name of ["widgets", "wd", "Widget", "wd.example.com"])
    expect(resolveResource(name, { files })).toEqual({ namespaced: false, group: "example.com", resource: "widgets" });
});

test.each(["scc", "securitycontextconstraints", "SecurityContextConstraints"])("use %s is asked about in a pod's namespace", (name) => {
  const expected = { group: "security.openshift.io", resource: "securitycontextconstraints", namespaced: true };
  expect(resolveResource(name, { verb: "use" })).toEqual(expected);
  expect(resolveResource(name, { verb: "use", served })).toEqual(expected);
  expect(resolveResource("psp", { verb: "use" })).toEqual({ group: "policy", resource: "podsecuritypolicies", namespaced: true });
});

test.each<[text: string, group: string | undefined, doubt: string | undefined]>([
  ["pods/exec", undefined, undefined],
  ["pods/*", undefined, undefined],
  ["nodes/metrics", undefined, undefined],
  ["pod/web", undefined, 'the cluster lists no subresource "web" of pods; for the object of that name, write: pods web'],
  ["pods.v1", undefined, 'the cluster serves no pods in the API group "v1"'],
  ["widgets.example.com", undefined, 'the cluster serves no widgets in the API group "example.com"'],
  ["widgets", "example.com", undefined],
  ["signers.certificates.k8s.io", undefined, undefined],
])("%s with the group %s is doubted where the cluster serves no such thing: %s", (text, group, doubt) => {
  expect(resolveResource(text, { group, served }).doubt).toBe(doubt);
});

test("offline, only what Kubernetes' own groups lack is doubted", () => {
  expect(resolveResource("deploymnts.apps").doubt).toBe(
    'Kubernetes has no deploymnts in the API group "apps"; did you mean "deployments"?',
  );
  expect(resolveResource("po/web").doubt).toBe('there is no subresource "web" of pods; for the object of that name, write: pods web');
  expect(resolveResource("deployments.apps").doubt).toBeUndefined();
  expect(resolveResource("widgets.example.com").doubt).toBeUndefined();
  expect(resolveResource("widgets.constructor").doubt).toBeUndefined();
  // The nodes of authentication.k8s.io are asked about by verbs of their own only.
  expect(resolveResource("nodes", { verb: "list" }).doubt).toBeUndefined();
});

describe("beside CRDs with the plurals of what only authorizers know", () => {
  const crd = (plural: string) => ({
    group: "example.com",
    plural,
    singular: plural.slice(0, -1),
    kind: plural,
    shortNames: [],
    namespaced: true,
    subresources: [],
  });
  const beside = [...served, crd("groups"), crd("users"), crd("signers"), crd("roles")];

  test.each([
    ["impersonate", "groups", ""],
    ["impersonate", "users", ""],
    ["impersonate:user-info", "users", "authentication.k8s.io"],
    ["approve", "signers", "certificates.k8s.io"],
    ["attest", "signers", "certificates.k8s.io"],
    ["bind", "roles", "rbac.authorization.k8s.io"],
    ["escalate", "roles", "rbac.authorization.k8s.io"],
  ])("%s %s means those of the group %j, and says so", (verb, resource, group) => {
    for (const name of [resource, resource.slice(0, -1), `${resource.slice(0, 1).toUpperCase()}${resource.slice(1, -1)}`])
      expect(resolveResource(name, { served: beside, verb })).toMatchObject({
        group,
        resource,
        doubt: expect.stringContaining(`this is about ${resource} of the API group "${group}"`) as string,
      });
  });

  test("other verbs mean the CRD, and a group that is given decides", () => {
    expect(resolveResource("groups", { served: beside, verb: "get" })).toEqual({
      group: "example.com",
      resource: "groups",
      namespaced: true,
    });
    expect(resolveResource("groups", { served: beside, verb: "impersonate", group: "example.com" })).toMatchObject({
      group: "example.com",
    });
    expect(resolveResource("groups.example.com", { served: beside, verb: "impersonate" })).toMatchObject({ group: "example.com" });
  });

  test("an audience is no resource with a subresource", () => {
    const verb = "request-serviceaccounts-token-audience";
    expect(resolveResource("https://vault.example.com/a", { served: beside, verb })).toEqual({
      group: "",
      resource: "https://vault.example.com/a",
      namespaced: true,
    });
  });
});
