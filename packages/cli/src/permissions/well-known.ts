/** Kubernetes' own resources by API group, and those that only an authorizer knows; for when no cluster can be asked. */
const groups: Record<string, string> = {
  "": "bindings configmaps endpoints events groups limitranges namespaces nodes persistentvolumeclaims persistentvolumes pods podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services users",
  apps: "controllerrevisions daemonsets deployments replicasets statefulsets",
  batch: "cronjobs jobs",
  autoscaling: "horizontalpodautoscalers",
  policy: "poddisruptionbudgets",
  "networking.k8s.io": "ingressclasses ingresses ipaddresses networkpolicies servicecidrs",
  "rbac.authorization.k8s.io": "clusterrolebindings clusterroles rolebindings roles",
  "storage.k8s.io": "csidrivers csinodes csistoragecapacities storageclasses volumeattachments volumeattributesclasses",
  "scheduling.k8s.io": "priorityclasses",
  "node.k8s.io": "runtimeclasses",
  "discovery.k8s.io": "endpointslices",
  "coordination.k8s.io": "leases",
  "apiextensions.k8s.io": "customresourcedefinitions",
  "apiregistration.k8s.io": "apiservices",
  "admissionregistration.k8s.io":
    "mutatingadmissionpolicies mutatingadmissionpolicybindings mutatingwebhookconfigurations validatingadmissionpolicies validatingadmissionpolicybindings validatingwebhookconfigurations",
  "certificates.k8s.io": "certificatesigningrequests clustertrustbundles podcertificaterequests signers",
  "authentication.k8s.io": "selfsubjectreviews tokenreviews uids userextras",
  "authorization.k8s.io": "localsubjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews",
  "flowcontrol.apiserver.k8s.io": "flowschemas prioritylevelconfigurations",
  "resource.k8s.io": "deviceclasses resourceclaims resourceclaimtemplates resourceslices",
};

/** The plurals of Kubernetes' own resources. */
export const wellKnown: readonly string[] = Object.values(groups).flatMap((plurals) => plurals.split(" "));

/** The group that a resource of Kubernetes' own is in; undefined for others. */
export function wellKnownGroup(plural: string): string | undefined {
  if (plural === "*") return "*";
  return Object.entries(groups).find(([, plurals]) => plurals.split(" ").includes(plural))?.[0];
}

/** The plurals of one of Kubernetes' own groups; none for other groups. */
export function wellKnownIn(group: string): readonly string[] {
  return Object.hasOwn(groups, group) ? (groups[group]?.split(" ") ?? []) : [];
}

/** What only the kubelet asks about, of nodes; discovery doesn't list it (https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/). */
const ofKubelets = new Set(["metrics", "stats", "log", "spec", "healthz", "pods", "configz", "checkpoint", "statusz", "flagz"]);

export function isUnlisted(plural: string, subresource: string): boolean {
  return plural === "nodes" && ofKubelets.has(subresource);
}

const verbs = new Set([
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
  "bind",
  "escalate",
  "impersonate",
  "approve",
  "sign",
  "attest",
  "use",
  "proxy",
  "*",
]);
const methods = new Set(["get", "head", "post", "put", "patch", "delete", "options", "*"]);

/** A verb that Kubernetes itself never asks about is most often a slip; webhooks and operators may have their own. */
export function isKnownVerb(verb: string, of: "resource" | "path"): boolean {
  return (of === "path" ? methods : verbs).has(verb);
}
