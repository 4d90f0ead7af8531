import type { Danger } from "../danger.ts";
import { sources } from "../sources.ts";

const write = ["create", "update", "patch"];

/** Grants that turn traffic, or open and close networks. */
export const dangers: readonly Danger[] = [
  {
    id: "services-write",
    severity: "medium",
    title: "writes Services",
    attack: "Draws traffic to its own pods; with externalIPs that of others too (CVE-2020-8554).",
    source: sources.externalIps,
    narrow: "Name the Services; refuse externalIPs with the DenyServiceExternalIPs plugin.",
    grants: [{ verbs: write, group: "", resources: ["services", "services/status"] }],
  },
  {
    id: "endpoints-write",
    severity: "medium",
    title: "writes endpoints",
    attack: "Sends a Service's traffic to an address of its choice, in other namespaces too (CVE-2021-25740).",
    source: sources.endpoints,
    narrow: "Drop it: the endpoint controllers write them.",
    grants: [
      { verbs: write, group: "", resources: ["endpoints"] },
      { verbs: write, group: "discovery.k8s.io", resources: ["endpointslices"] },
    ],
  },
  {
    id: "ingresses-write",
    severity: "medium",
    title: "writes Ingresses or routes",
    attack: "Takes over hosts and paths of others; some controllers read Secrets, or run what annotations say.",
    source: "https://github.com/kubernetes/ingress-nginx/issues/7837",
    narrow: "Name the Ingresses; switch snippets off in the controller.",
    grants: [
      { verbs: write, group: "networking.k8s.io", resources: ["ingresses", "ingressclasses"] },
      {
        verbs: write,
        group: "gateway.networking.k8s.io",
        resources: ["gateways", "httproutes", "grpcroutes", "tlsroutes", "referencegrants"],
      },
    ],
  },
  {
    id: "networkpolicies-write",
    severity: "medium",
    title: "writes network policies",
    attack: "Opens what was closed, or cuts others off.",
    source: sources.practices,
    narrow: "Name the policies.",
    grants: [
      { verbs: [...write, "delete", "deletecollection"], group: "networking.k8s.io", resources: ["networkpolicies"] },
      {
        verbs: [...write, "delete", "deletecollection"],
        group: "projectcalico.org",
        resources: ["networkpolicies", "globalnetworkpolicies", "tier.networkpolicies", "tier.globalnetworkpolicies", "tiers"],
      },
      {
        verbs: [...write, "delete", "deletecollection"],
        group: "crd.projectcalico.org",
        resources: ["networkpolicies", "globalnetworkpolicies", "tiers"],
      },
      {
        verbs: [...write, "delete", "deletecollection"],
        group: "cilium.io",
        resources: ["ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies"],
      },
      {
        verbs: [...write, "delete", "deletecollection"],
        group: "policy.networking.k8s.io",
        resources: ["clusternetworkpolicies", "adminnetworkpolicies", "baselineadminnetworkpolicies"],
      },
      { verbs: [...write, "delete", "deletecollection"], group: "crd.antrea.io", resources: ["networkpolicies", "clusternetworkpolicies"] },
      { verbs: [...write, "delete", "deletecollection"], group: "network.openshift.io", resources: ["egressnetworkpolicies"] },
      { verbs: [...write, "delete", "deletecollection"], group: "k8s.ovn.org", resources: ["egressfirewalls"], shown: "spec.egress" },
    ],
  },
];
