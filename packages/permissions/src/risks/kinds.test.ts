import { expect, test } from "vitest";
import { risks } from "./risks.ts";

test.each([
  ["sealedsecrets", "bitnami.com", "secrets-create"],
  ["vaultstaticsecrets", "secrets.hashicorp.com", "external-secrets-write"],
  ["ephemeraljobs", "apps.kruise.io", "pods-ephemeralcontainers"],
  ["egressnetworkpolicies", "network.openshift.io", "networkpolicies-write"],
  ["egressfirewalls", "k8s.ovn.org", "networkpolicies-write"],
  ["deploymentconfigs", "apps.openshift.io", "workloads-write"],
  ["catalogsources", "operators.coreos.com", "workloads-write"],
  ["subscriptions", "operators.coreos.com", "deployers-write"],
  ["functions", "pkg.crossplane.io", "deployers-write"],
  ["manifestworks", "work.open-cluster-management.io", "deployers-write"],
  ["applications", "core.oam.dev", "deployers-write"],
  ["statefulsets", "apps.kruise.io", "workloads-write"],
  ["uniteddeployments", "apps.kruise.io", "workloads-write"],
  ["appwrappers", "mcad.ibm.com", "workloads-write"],
  ["elasticsearches", "elasticsearch.k8s.elastic.co", "workloads-write"],
  ["beats", "beat.k8s.elastic.co", "workloads-write"],
  ["envoyproxies", "gateway.envoyproxy.io", "workloads-write"],
  ["instrumentations", "opentelemetry.io", "workloads-write"],
  ["vaults", "vault.banzaicloud.com", "workloads-write"],
  ["rabbitmqclusters", "rabbitmq.com", "workloads-write"],
  ["poolers", "postgresql.cnpg.io", "workloads-write"],
  ["clusters", "postgresql.cnpg.io", "workloads-write"],
  ["imagecatalogs", "postgresql.cnpg.io", "workloads-write"],
  ["testruns", "k6.io", "workloads-write"],
  ["k6s", "k6.io", "workloads-write"],
  ["privateloadzones", "k6.io", "workloads-write"],
  ["pipelines", "numaflow.numaproj.io", "workloads-write"],
  ["servingpipelines", "numaflow.numaproj.io", "workloads-write"],
  ["vertices", "numaflow.numaproj.io", "workloads-write"],
  ["monovertices", "numaflow.numaproj.io", "workloads-write"],
  ["workflows", "chaos-mesh.org", "workloads-write"],
  ["workflownodes", "chaos-mesh.org", "workloads-write"],
  ["schedules", "chaos-mesh.org", "workloads-write"],
  ["virtualmachinepools", "pool.kubevirt.io", "workloads-write"],
  ["csisecrets", "secrets.hashicorp.com", "external-secrets-write"],
  ["seldondeployments", "machinelearning.seldon.io", "workloads-write"],
  ["vaultdynamicsecrets", "secrets.hashicorp.com", "external-secrets-write"],
  ["hcpvaultsecretsapps", "secrets.hashicorp.com", "external-secrets-write"],
  ["secretproviderclasses", "secrets-store.csi.x-k8s.io", "external-secrets-write"],
])("%s of %s bear %s", (resource, group, id) => {
  expect(risks([{ verbs: ["create"], apiGroups: [group], resources: [resource] }]).map((one) => one.id)).toEqual([id]);
});

test("of others' kinds, those of the cluster are out of a namespace's reach, and what pods may use isn't", () => {
  const within = (group: string, resource: string, verb = "create") =>
    risks([{ verbs: [verb], apiGroups: [group], resources: [resource] }], { namespace: "a" }).map(({ id }) => id);
  expect(within("apps.kruise.io", "sidecarsets")).toEqual([]);
  expect(within("pkg.crossplane.io", "providers")).toEqual([]);
  expect(within("postgresql.cnpg.io", "clusterimagecatalogs")).toEqual([]);
  // Of the same name, another group's are in namespaces.
  expect(within("pkg.crossplane.io", "configurations")).toEqual([]);
  expect(within("serving.knative.dev", "configurations")).toEqual(["workloads-write"]);
  expect(within("apps.kruise.io", "clonesets")).toEqual(["workloads-write"]);
  expect(within("security.openshift.io", "securitycontextconstraints", "use")).toEqual(["scc-use"]);
});
