import { assert, constantFrom, property } from "fast-check";
import { expect, test } from "vitest";
import { grants } from "./grants.ts";
import { ineffective } from "./ineffective.ts";
import type { PolicyRule } from "./rule.ts";

const rule = (more: Partial<PolicyRule>): PolicyRule => ({ verbs: ["get"], apiGroups: [""], resources: ["pods"], ...more });

test.each<[string, Partial<PolicyRule>, string[]]>([
  [
    "capitals",
    { verbs: ["GET"], resources: ["Pods"] },
    ['the verb "GET": write get', 'the resource "Pods": resources are lower-case plurals'],
  ],
  ["a group in the resource", { resources: ["deployments.apps"] }, ['the resource "deployments.apps": its group stands in apiGroups']],
  [
    "a wildcard for subresources",
    { resources: ["pods/*"] },
    ['the resource "pods/*": no wildcard stands for subresources: name each, or write * for all of every resource'],
  ],
  ["a group's version", { apiGroups: ["apps/v1"] }, ['the API group "apps/v1": a group is written without its version']],
  ["the core group by a name", { apiGroups: ["core"] }, ['the API group "core": the core group is written ""']],
  [
    "names of what is only ever created",
    { verbs: ["create"], apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], resourceNames: ["a"] },
    ["create of tokenreviews by resourceNames: such a request has no name"],
  ],
  [
    "names of collections",
    { verbs: ["deletecollection", "get"], resourceNames: ["a"] },
    ["deletecollection by resourceNames: such a request has no name"],
  ],
  [
    "wildcards in names",
    { resourceNames: ["*", "web-*", "web"] },
    ["*", "web-*"].map((name) => `the name "${name}": no wildcard stands for names: write each, or leave resourceNames out`),
  ],
  ["a singular", { resources: ["pod"] }, ['the resource "pod": write the plural, pods']],
  [
    "a short name",
    { resources: ["svc", "po/log"] },
    ['the resource "svc": write the plural, services', 'the resource "po/log": write the plural, pods/log'],
  ],
  ["a subresource in the plural", { resources: ["pods/logs"] }, ['the resource "pods/logs": write pods/log']],
  [
    "a resource in a group that it isn't in",
    { resources: ["deployments"] },
    ['the resource "deployments": deployments are in the API group "apps"'],
  ],
  [
    "verbs that aren't",
    { verbs: ["edit", "view", "read", "deleteCollection"] },
    [
      'the verb "edit": Kubernetes has no such verb: write update and patch',
      'the verb "view": Kubernetes has no such verb: write get, list and watch',
      'the verb "read": Kubernetes has no such verb: write get, list and watch',
      'the verb "deleteCollection": write deletecollection',
    ],
  ],
  [
    "verbs of objects on paths",
    { verbs: ["list", "get"], apiGroups: [], resources: [], nonResourceURLs: ["/x"] },
    ['the verb "list" on paths of the API server: their verbs are HTTP methods, as in get'],
  ],
  [
    "verbs of objects on paths that HTTP has by another name",
    { verbs: ["create", "update"], apiGroups: [], resources: [], nonResourceURLs: ["/x"] },
    ["create post", "update put"].map((pair) => {
      const [verb, method] = pair.split(" ");
      return `the verb "${verb}" on paths of the API server: their verbs are HTTP methods, as in ${method}`;
    }),
  ],
  [
    "what kubectl calls verbs",
    { verbs: ["exec", "log", "describe", "all"] },
    ["exec: create of pods/exec", "log: get of pods/log", "describe: get, and list of events", 'all: "*"'].map((pair) => {
      const [verb, meant] = pair.split(": ");
      return `the verb "${verb}": Kubernetes has no such verb: write ${meant}`;
    }),
  ],
  [
    "lists in one text",
    { verbs: ["list,watch"], apiGroups: ["apps, batch"], resources: ["jobs,pods"] },
    ['the verb "list,watch"', 'the API group "apps, batch"'].map((what) => `${what}: write each by itself`),
  ],
  ["resources in one text", { resources: ["pods,services"] }, ['the resource "pods,services": write each by itself']],
  [
    "stars that stand beside something",
    { verbs: ["get*"], apiGroups: ["*.example.com"], resources: ["pods"] },
    [
      'the verb "get*": a star is a wildcard alone only, for every verb',
      'the API group "*.example.com": a star is a wildcard alone only, for every group',
    ],
  ],
  [
    "a star in a resource",
    { apiGroups: ["example.com"], resources: ["wid*"] },
    ['the resource "wid*": a star is a wildcard alone only, for every resource'],
  ],
  [
    "what has left its group",
    { apiGroups: ["extensions"], resources: ["deployments", "ingresses", "widgets"] },
    [
      'the resource "deployments": deployments are in the API group "apps", since Kubernetes 1.16 only there',
      'the resource "ingresses": ingresses are in the API group "networking.k8s.io", since Kubernetes 1.22 only there',
    ],
  ],
  [
    "spaces that no name has",
    { verbs: ["list "], apiGroups: [" apps"], resources: ["pods "] },
    ['the verb "list ": write list without the space', 'the API group " apps": write apps without the space'],
  ],
  [
    "slashes around nothing",
    { resources: [" pods", "pods/", "/pods", ""] },
    [
      'the resource " pods": write pods without the space',
      'the resource "pods/": write pods without the slash',
      'the resource "/pods": write pods without the slash',
      'the resource "": name one, or write * for all',
    ],
  ],
  [
    "slips of the pen in verbs",
    { verbs: ["lsit", "gets", "delet", "creates", "updating", "pacth", "watchh", "use", "bind", "set"] },
    ["lsit list", "gets get", "delet delete", "creates create", "updating update", "pacth patch", "watchh watch"].map((pair) => {
      const [verb, meant] = pair.split(" ");
      return `the verb "${verb}": Kubernetes has no such verb: write ${meant}`;
    }),
  ],
  [
    "verbs of objects on what is only ever created",
    { verbs: ["get", "list"], apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"] },
    ["get,list of subjectaccessreviews: they have no verb but create"],
  ],
  ["a kubelet's subresource", { resources: ["nodes/metric"] }, ['the resource "nodes/metric": write nodes/metrics']],
  [
    "a pod's subresource of something else",
    { apiGroups: ["batch"], resources: ["jobs/log"] },
    ['the resource "jobs/log": jobs have none: write pods/log'],
  ],
  [
    "collections of a subresource",
    { verbs: ["list", "watch"], resources: ["pods/exec", "pods"] },
    ["list,watch of pods/exec: a subresource is of one object: its verbs are others, as in get or create"],
  ],
  [
    "stars in signers' names",
    { verbs: ["approve"], apiGroups: ["certificates.k8s.io"], resources: ["signers"], resourceNames: ["*", "x.io/a*", "x.io/*"] },
    ["*", "x.io/a*"].map(
      (name) =>
        `the name "${name}": a star stands for all signers of one domain, as in example.com/*; for every signer, leave resourceNames out`,
    ),
  ],
  [
    "a star within a path",
    { apiGroups: [], resources: [], nonResourceURLs: ["/foo*bar"] },
    ['the path "/foo*bar": a star stands for any rest at the end only'],
  ],
  [
    "a path without its beginning",
    { verbs: ["get"], apiGroups: [], resources: [], nonResourceURLs: ["healthz"] },
    ['the path "healthz": paths begin with /'],
  ],
])("%s: told", (_name, more, told) => {
  expect(ineffective(rule(more))).toEqual(told);
});

test.each<Partial<PolicyRule>>([
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { resources: ["*/scale", "pods/log"] },
  { verbs: ["create"], resources: ["serviceaccounts/token"], resourceNames: ["a"] },
  { verbs: ["use", "approve"], apiGroups: ["certificates.k8s.io"], resources: ["signers"], resourceNames: ["x.io/*"] },
  { apiGroups: [], resources: [], nonResourceURLs: ["*", "/metrics/*"] },
  { verbs: ["get", "update", "create"], apiGroups: ["coordination.k8s.io"], resources: ["leases"], resourceNames: ["my-leader"] },
  { verbs: ["readArtifact", "readartifact", "view"], apiGroups: ["pipelines.kubeflow.org"], resources: ["runs"] },
  {
    apiGroups: ["projectcalico.org"],
    resources: ["tier.networkpolicies", "tier.globalnetworkpolicies"],
    resourceNames: ["net-sec.*", "*"],
  },
  { apiGroups: ["", "apps"], resources: ["pods", "deployments"] },
  { verbs: ["request-serviceaccounts-token-audience"], resources: ["https://vault.example.com"], resourceNames: ["builder"] },
  { apiGroups: ["metrics.k8s.io"], resources: ["pods", "nodes"] },
  { apiGroups: ["authentication.k8s.io"], verbs: ["impersonate:associated-node"], resources: ["nodes"], resourceNames: ["*"] },
  { verbs: ["deletecollection", "list"], resourceNames: [""] },
  // Others ask for these: a kubelet, admission, OpenShift, and who lets old and new clusters in.
  { verbs: ["get", "list", "watch"], resources: ["pods", "pods/log"] },
  { verbs: ["update"], apiGroups: ["apps", "batch"], resources: ["deployments/finalizers", "jobs/finalizers"] },
  { verbs: ["create"], resources: ["endpoints/restricted"] },
  { verbs: ["create"], apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests/selfnodeclient"] },
  { apiGroups: ["extensions", "apps"], resources: ["deployments"] },
  { verbs: ["exec", "log", "scale"], apiGroups: ["example.com"], resources: ["widgets"] },
  { verbs: ["post", "put"], apiGroups: [], resources: [], nonResourceURLs: ["/x"] },
  { verbs: ["use"], apiGroups: ["security.openshift.io"], resources: ["securitycontextconstraints"], resourceNames: ["privileged"] },
  { apiGroups: ["rbac.authorization.k8s.io"], resources: ["clusterroles"], resourceNames: ["odd*name"] },
  { resources: ["nodes/metrics", "nodes/stats", "services/proxy", "namespaces/finalize"] },
  { verbs: ["impersonate"], resources: ["users"], resourceNames: ["*"] },
])("%j is in order", (more) => {
  expect(ineffective(rule(more))).toEqual([]);
});

const inRole = (more: Partial<PolicyRule>): string[] => ineffective(rule(more), { within: "Role" });

test("what is in no namespace is told of a Role, except what is asked within one all the same", () => {
  expect(inRole({ resources: ["nodes"] })).toEqual([
    "nodes in a Role: nodes are in no namespace: it takes a ClusterRole and a ClusterRoleBinding",
  ]);
  expect(inRole({ verbs: ["get", "list", "create"], resources: ["namespaces"] })).toEqual([
    "list,create of namespaces in a Role: namespaces are in no namespace: it takes a ClusterRole and a ClusterRoleBinding",
  ]);
  expect(inRole({ verbs: ["bind", "escalate"], apiGroups: ["rbac.authorization.k8s.io"], resources: ["clusterroles"] })).toEqual([
    "escalate of clusterroles in a Role: clusterroles are in no namespace: it takes a ClusterRole and a ClusterRoleBinding",
  ]);
  expect(inRole({ verbs: ["*"], resources: ["namespaces", "*"] })).toEqual([]);
  expect(inRole({ verbs: ["get"], apiGroups: ["", "example.com"], resources: ["nodes", "widgets"] })).toEqual([]);
});

test("a ClusterRole that RoleBindings alone bind grants nothing of what is in no namespace", () => {
  const within = (more: Partial<PolicyRule>) => ineffective(rule(more), { within: "ClusterRole" });
  expect(within({ resources: ["pods", "nodes"] })).toEqual([
    "nodes in a ClusterRole that RoleBindings alone bind here: nodes are in no namespace: it takes a ClusterRoleBinding",
  ]);
  expect(within({ apiGroups: [], resources: [], nonResourceURLs: ["/metrics"] })).toHaveLength(1);
  expect(within({ verbs: ["use"], apiGroups: ["security.openshift.io"], resources: ["securitycontextconstraints"] })).toEqual([]);
});

test("what others define is in no namespace where that is known", () => {
  const scopes = (group: string, resource: string) => (`${resource}.${group}` === "widgets.example.com" ? false : undefined);
  const more = { apiGroups: ["example.com"], resources: ["widgets", "gadgets"] };
  expect(ineffective(rule(more), { within: "Role" })).toEqual([]);
  expect(ineffective(rule(more), { within: "Role", scopes })).toEqual([
    "widgets in a Role: widgets are in no namespace: it takes a ClusterRole and a ClusterRoleBinding",
  ]);
});

test("a rule all of which is told of grants no request that there is", () => {
  const texts = constantFrom("pods/*", "Pods", "pods.core", "*/*");
  assert(
    property(texts, constantFrom("get", "create", "*"), (resource, verb) => {
      const one = rule({ verbs: [verb], resources: [resource] });
      expect(ineffective(one)).toHaveLength(1);
      for (const subresource of [undefined, "log", "status"])
        expect(grants([one], { verb: "get", group: "", resource: "pods", ...(subresource && { subresource }) })).toBeUndefined();
    }),
  );
});
