import { builtin, gate, resource, type KubeObject, type Transport } from "@plimsoll/kube";
import type { PolicyRule } from "kubernetes-types/rbac/v1.d.ts";
import type { EndpointSlice } from "kubernetes-types/discovery/v1.d.ts";
import { readFileSync } from "node:fs";
import type { Setting } from "./component.ts";
import { nodeNetwork, services } from "./network.ts";
import { permissions as provisionerPermissions, provisioner } from "../volumes/provisioner.ts";

/** As in apiregistration.k8s.io/v1. */
interface APIService extends KubeObject {
  spec: { group: string; version: string; service: { namespace: string; name: string }; caBundle: string };
}

const { declare, allow } = gate({
  ...builtin,
  "endpointslices.discovery.k8s.io": resource<EndpointSlice>({
    group: "discovery.k8s.io",
    version: "v1",
    plural: "endpointslices",
    kind: "EndpointSlice",
    namespaced: true,
  }),
  "apiservices.apiregistration.k8s.io": resource<APIService>({
    group: "apiregistration.k8s.io",
    version: "v1",
    plural: "apiservices",
    kind: "APIService",
    namespaced: false,
  }),
});

const permissions = declare("cluster", [
  allow(["create", "patch"], "services", "the DNS service, and the metrics server's"),
  allow(["create", "patch"], "endpointslices.discovery.k8s.io", "where CoreDNS and the metrics server answer"),
  allow(["create", "patch"], "storageclasses.storage.k8s.io", "the default StorageClass"),
  allow(["create", "patch"], "clusterroles.rbac.authorization.k8s.io", "what the provisioner, CoreDNS and the metrics server may do"),
  allow(["create", "patch"], "clusterrolebindings.rbac.authorization.k8s.io", "the same"),
  allow(["create", "patch"], "rolebindings.rbac.authorization.k8s.io", "that the metrics server knows by which certificate it is asked"),
  allow(["create", "patch"], "apiservices.apiregistration.k8s.io", "that the metrics server is asked"),
]);

const dnsRules: PolicyRule[] = [
  { apiGroups: [""], resources: ["services", "pods", "namespaces"], verbs: ["list", "watch"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
];

const meterRules: PolicyRule[] = [
  { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
  { apiGroups: [""], resources: ["nodes", "pods"], verbs: ["get", "list", "watch"] },
  // To ask the API server who asks, and whether they may.
  { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
  { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
];

const apply = { type: "apply", fieldManager: "plimsoll-cluster", force: true } as const;

/** What a cluster has from its start: volumes on demand and, with a real node, service DNS, and the metrics server where there is to be one. Done again, it changes nothing. */
export async function applyAddons(transport: Transport, { state, paths }: Setting): Promise<void> {
  const client = permissions.client(transport);
  await Promise.all([
    applyStorageClass(),
    applyRole(
      "provisioner",
      provisionerPermissions.rules.map(({ apiGroups, resources, verbs }) => ({ apiGroups, resources, verbs })),
    ),
    applyRole("coredns", dnsRules),
    ...(state.slot === undefined ? [] : [applyDns(nodeNetwork(state.slot).host)]),
    ...(state.slot === undefined || state.metricsPort === undefined ? [] : [applyMeter(nodeNetwork(state.slot).host, state.metricsPort)]),
    ...(state.requestedCertificates === undefined ? [] : [letBootstrap()]),
  ]);

  async function applyStorageClass(): Promise<void> {
    const storageClass = {
      metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner,
      reclaimPolicy: "Delete",
      // One node is real: where the volume is to be is known before any pod is.
      volumeBindingMode: "Immediate",
    };
    await client("storageclasses.storage.k8s.io").patch({ name: "local" }, storageClass, apply);
  }

  async function applyRole(component: string, rules: PolicyRule[]): Promise<void> {
    const name = `plimsoll:${component}`;
    const apiGroup = "rbac.authorization.k8s.io";
    const binding = { roleRef: { apiGroup, kind: "ClusterRole", name }, subjects: [{ apiGroup, kind: "User", name }] };
    await client("clusterroles.rbac.authorization.k8s.io").patch({ name }, { rules }, apply);
    await client("clusterrolebindings.rbac.authorization.k8s.io").patch({ name }, binding, apply);
  }

  /** Lets the kubelet ask for its first certificate, and have it approved by nobody. */
  async function letBootstrap(): Promise<void> {
    const apiGroup = "rbac.authorization.k8s.io";
    const binding = {
      roleRef: { apiGroup, kind: "ClusterRole", name: "system:node-bootstrapper" },
      subjects: [{ apiGroup, kind: "Group", name: "system:bootstrappers" }],
    };
    await client("clusterrolebindings.rbac.authorization.k8s.io").patch({ name: "plimsoll:bootstrappers" }, binding, apply);
  }

  async function applyDns(host: string): Promise<void> {
    const service = { namespace: "kube-system", name: "kube-dns" };
    const ports = (port: number) => [
      { name: "dns", protocol: "UDP", port },
      { name: "dns-tcp", protocol: "TCP", port },
    ];
    const slice = {
      metadata: { labels: { "kubernetes.io/service-name": service.name, "endpointslice.kubernetes.io/managed-by": "plimsoll" } },
      addressType: "IPv4",
      endpoints: [{ addresses: [host] }],
      ports: ports(state.ports.dns),
    };
    await client("services").patch(service, { spec: { clusterIP: services.dns, ports: ports(53) } }, apply);
    await client("endpointslices.discovery.k8s.io").patch(service, slice, apply);
  }

  async function applyMeter(host: string, port: number): Promise<void> {
    const service = { namespace: "kube-system", name: "metrics-server" };
    const apiGroup = "rbac.authorization.k8s.io";
    const slice = {
      metadata: { labels: { "kubernetes.io/service-name": service.name, "endpointslice.kubernetes.io/managed-by": "plimsoll" } },
      addressType: "IPv4",
      endpoints: [{ addresses: [host] }],
      ports: [{ name: "https", protocol: "TCP", port }],
    };
    const api = {
      group: "metrics.k8s.io",
      version: "v1beta1",
      service,
      caBundle: readFileSync(paths.in("pki/ca.crt")).toString("base64"),
      groupPriorityMinimum: 100,
      versionPriority: 100,
    };
    await applyRole("metrics-server", meterRules);
    await client("rolebindings.rbac.authorization.k8s.io").patch(
      { namespace: "kube-system", name: "plimsoll:metrics-server" },
      {
        roleRef: { apiGroup, kind: "Role", name: "extension-apiserver-authentication-reader" },
        subjects: [{ apiGroup, kind: "User", name: "plimsoll:metrics-server" }],
      },
      apply,
    );
    await client("services").patch(service, { spec: { ports: [{ name: "https", protocol: "TCP", port: 443 }] } }, apply);
    await client("endpointslices.discovery.k8s.io").patch(service, slice, apply);
    await client("apiservices.apiregistration.k8s.io").patch({ name: "v1beta1.metrics.k8s.io" }, { spec: api }, apply);
  }
}
