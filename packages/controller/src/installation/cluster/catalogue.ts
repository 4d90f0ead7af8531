import { kinds } from "@plimsoll/features/kinds";
import { builtin, resource, type KubeObject } from "@plimsoll/kube";

const admission = { group: "admissionregistration.k8s.io", version: "v1", namespaced: false } as const;
const operator = { group: "monitoring.coreos.com", version: "v1", namespaced: true } as const;

/** What an answer to a SelfSubjectAccessReview is read for. */
export interface AccessReview extends KubeObject {
  spec: { resourceAttributes: { verb: string; group: string; resource: string; namespace?: string | undefined } };
  status?: { allowed: boolean };
}

/** What installing has to do with. */
export const catalogue = {
  ...builtin,
  ...kinds,
  "networkpolicies.networking.k8s.io": resource<KubeObject>({
    group: "networking.k8s.io",
    version: "v1",
    plural: "networkpolicies",
    kind: "NetworkPolicy",
    namespaced: true,
  }),
  "validatingadmissionpolicies.admissionregistration.k8s.io": resource<KubeObject>({
    ...admission,
    plural: "validatingadmissionpolicies",
    kind: "ValidatingAdmissionPolicy",
  }),
  "validatingadmissionpolicybindings.admissionregistration.k8s.io": resource<KubeObject>({
    ...admission,
    plural: "validatingadmissionpolicybindings",
    kind: "ValidatingAdmissionPolicyBinding",
  }),
  "servicemonitors.monitoring.coreos.com": resource<KubeObject>({ ...operator, plural: "servicemonitors", kind: "ServiceMonitor" }),
  "prometheusrules.monitoring.coreos.com": resource<KubeObject>({ ...operator, plural: "prometheusrules", kind: "PrometheusRule" }),
  "selfsubjectaccessreviews.authorization.k8s.io": resource<AccessReview>({
    group: "authorization.k8s.io",
    version: "v1",
    plural: "selfsubjectaccessreviews",
    kind: "SelfSubjectAccessReview",
    namespaced: false,
  }),
};

/**
 * The kinds of which an installation's objects are found by their label, in the order in which they are taken away: first what runs,
 * and bindings before roles, so that what is left when that is cut off grants nothing.
 */
export const labelled = {
  Deployment: "deployments.apps",
  ServiceMonitor: "servicemonitors.monitoring.coreos.com",
  PrometheusRule: "prometheusrules.monitoring.coreos.com",
  NetworkPolicy: "networkpolicies.networking.k8s.io",
  PodDisruptionBudget: "poddisruptionbudgets.policy",
  ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybindings.admissionregistration.k8s.io",
  ValidatingAdmissionPolicy: "validatingadmissionpolicies.admissionregistration.k8s.io",
  Service: "services",
  ClusterRoleBinding: "clusterrolebindings.rbac.authorization.k8s.io",
  RoleBinding: "rolebindings.rbac.authorization.k8s.io",
  ClusterRole: "clusterroles.rbac.authorization.k8s.io",
  Role: "roles.rbac.authorization.k8s.io",
  ServiceAccount: "serviceaccounts",
  ConfigMap: "configmaps",
} as const;

/** Whether objects of a kind belong to an installation wherever in the cluster they are: what grants, or holds users to their rights. */
export function isAnywhere(resource: string): boolean {
  return /^(cluster)?role(binding)?s\.|^validatingadmissionpolic/.test(resource);
}

/** Every kind that is installed, with its resource. */
export const resources = {
  ...labelled,
  CustomResourceDefinition: "customresourcedefinitions.apiextensions.k8s.io",
  Namespace: "namespaces",
} as const;

export type InstalledKind = keyof typeof resources;

/** Throws a TypeError for a kind that no installation has. */
export function resourceOf(kind: string): (typeof resources)[InstalledKind] {
  if (!Object.hasOwn(resources, kind)) throw new TypeError(`an installation has no ${kind}`);
  return resources[kind as InstalledKind];
}
