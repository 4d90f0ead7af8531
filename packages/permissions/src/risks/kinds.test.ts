import { expect, test } from "vitest";
import { risks } from "./risks.ts";

test.each([
  ["sealedsecrets", "bitnami.com", "secrets-create"],
  ["vaultstaticsecrets", "secrets.hashicorp.com", "external-secrets-write"],
  ["ephemeraljobs", "apps.kruise.io", "pods-ephemeralcontainers"],
  ["egressnetworkpolicies", "network.openshift.io", "networkpolicies-write"],
  ["deploymentconfigs", "apps.openshift.io", "workloads-write"],
  ["catalogsources", "operators.coreos.com", "workloads-write"],
  ["subscriptions", "operators.coreos.com", "deployers-write"],
])("%s of %s bear %s", (resource, group, id) => {
  expect(risks([{ verbs: ["create"], apiGroups: [group], resources: [resource] }]).map((one) => one.id)).toEqual([id]);
});

test("of others' kinds, those of the cluster are out of a namespace's reach, and what pods may use isn't", () => {
  const within = (group: string, resource: string, verb = "create") =>
    risks([{ verbs: [verb], apiGroups: [group], resources: [resource] }], { namespace: "a" }).map(({ id }) => id);
  expect(within("apps.kruise.io", "sidecarsets")).toEqual([]);
  expect(within("pkg.crossplane.io", "providers")).toEqual([]);
  expect(within("apps.kruise.io", "clonesets")).toEqual(["workloads-write"]);
  expect(within("security.openshift.io", "securitycontextconstraints", "use")).toEqual(["scc-use"]);
});
