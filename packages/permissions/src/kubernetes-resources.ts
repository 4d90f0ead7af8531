/** A resource of Kubernetes' own, as discovery has it. */
export interface KubernetesResource {
  group: string;
  plural: string;
  singular: string;
  namespaced: boolean;
  shortNames?: readonly string[];
  subresources?: readonly string[];
  /** It has no verb but create, so that no request for it has a name. */
  onlyCreate?: true;
}

/** What Kubernetes 1.36 serves, with its alpha and beta kinds; a test asks the API server for the same. */
export const kubernetesResources: readonly KubernetesResource[] = [
  { group: "", plural: "bindings", singular: "binding", namespaced: true, onlyCreate: true },
  { group: "", plural: "componentstatuses", singular: "componentstatus", namespaced: false, shortNames: ["cs"] },
  { group: "", plural: "configmaps", singular: "configmap", namespaced: true, shortNames: ["cm"] },
  { group: "", plural: "endpoints", singular: "endpoints", namespaced: true, shortNames: ["ep"] },
  { group: "", plural: "events", singular: "event", namespaced: true, shortNames: ["ev"] },
  { group: "", plural: "limitranges", singular: "limitrange", namespaced: true, shortNames: ["limits"] },
  { group: "", plural: "namespaces", singular: "namespace", namespaced: false, shortNames: ["ns"], subresources: ["finalize", "status"] },
  { group: "", plural: "nodes", singular: "node", namespaced: false, shortNames: ["no"], subresources: ["proxy", "status"] },
  {
    group: "",
    plural: "persistentvolumeclaims",
    singular: "persistentvolumeclaim",
    namespaced: true,
    shortNames: ["pvc"],
    subresources: ["status"],
  },
  { group: "", plural: "persistentvolumes", singular: "persistentvolume", namespaced: false, shortNames: ["pv"], subresources: ["status"] },
  {
    group: "",
    plural: "pods",
    singular: "pod",
    namespaced: true,
    shortNames: ["po"],
    subresources: ["attach", "binding", "ephemeralcontainers", "eviction", "exec", "log", "portforward", "proxy", "resize", "status"],
  },
  { group: "", plural: "podtemplates", singular: "podtemplate", namespaced: true },
  {
    group: "",
    plural: "replicationcontrollers",
    singular: "replicationcontroller",
    namespaced: true,
    shortNames: ["rc"],
    subresources: ["scale", "status"],
  },
  { group: "", plural: "resourcequotas", singular: "resourcequota", namespaced: true, shortNames: ["quota"], subresources: ["status"] },
  { group: "", plural: "secrets", singular: "secret", namespaced: true },
  { group: "", plural: "serviceaccounts", singular: "serviceaccount", namespaced: true, shortNames: ["sa"], subresources: ["token"] },
  { group: "", plural: "services", singular: "service", namespaced: true, shortNames: ["svc"], subresources: ["proxy", "status"] },
  { group: "admissionregistration.k8s.io", plural: "mutatingadmissionpolicies", singular: "mutatingadmissionpolicy", namespaced: false },
  {
    group: "admissionregistration.k8s.io",
    plural: "mutatingadmissionpolicybindings",
    singular: "mutatingadmissionpolicybinding",
    namespaced: false,
  },
  {
    group: "admissionregistration.k8s.io",
    plural: "mutatingwebhookconfigurations",
    singular: "mutatingwebhookconfiguration",
    namespaced: false,
  },
  {
    group: "admissionregistration.k8s.io",
    plural: "validatingadmissionpolicies",
    singular: "validatingadmissionpolicy",
    namespaced: false,
    subresources: ["status"],
  },
  {
    group: "admissionregistration.k8s.io",
    plural: "validatingadmissionpolicybindings",
    singular: "validatingadmissionpolicybinding",
    namespaced: false,
  },
  {
    group: "admissionregistration.k8s.io",
    plural: "validatingwebhookconfigurations",
    singular: "validatingwebhookconfiguration",
    namespaced: false,
  },
  {
    group: "apiextensions.k8s.io",
    plural: "customresourcedefinitions",
    singular: "customresourcedefinition",
    namespaced: false,
    shortNames: ["crd", "crds"],
    subresources: ["status"],
  },
  { group: "apiregistration.k8s.io", plural: "apiservices", singular: "apiservice", namespaced: false, subresources: ["status"] },
  { group: "apps", plural: "controllerrevisions", singular: "controllerrevision", namespaced: true },
  { group: "apps", plural: "daemonsets", singular: "daemonset", namespaced: true, shortNames: ["ds"], subresources: ["status"] },
  {
    group: "apps",
    plural: "deployments",
    singular: "deployment",
    namespaced: true,
    shortNames: ["deploy"],
    subresources: ["scale", "status"],
  },
  { group: "apps", plural: "replicasets", singular: "replicaset", namespaced: true, shortNames: ["rs"], subresources: ["scale", "status"] },
  {
    group: "apps",
    plural: "statefulsets",
    singular: "statefulset",
    namespaced: true,
    shortNames: ["sts"],
    subresources: ["scale", "status"],
  },
  { group: "authentication.k8s.io", plural: "selfsubjectreviews", singular: "selfsubjectreview", namespaced: false, onlyCreate: true },
  { group: "authentication.k8s.io", plural: "tokenreviews", singular: "tokenreview", namespaced: false, onlyCreate: true },
  {
    group: "authorization.k8s.io",
    plural: "localsubjectaccessreviews",
    singular: "localsubjectaccessreview",
    namespaced: true,
    onlyCreate: true,
  },
  {
    group: "authorization.k8s.io",
    plural: "selfsubjectaccessreviews",
    singular: "selfsubjectaccessreview",
    namespaced: false,
    onlyCreate: true,
  },
  {
    group: "authorization.k8s.io",
    plural: "selfsubjectrulesreviews",
    singular: "selfsubjectrulesreview",
    namespaced: false,
    onlyCreate: true,
  },
  { group: "authorization.k8s.io", plural: "subjectaccessreviews", singular: "subjectaccessreview", namespaced: false, onlyCreate: true },
  {
    group: "autoscaling",
    plural: "horizontalpodautoscalers",
    singular: "horizontalpodautoscaler",
    namespaced: true,
    shortNames: ["hpa"],
    subresources: ["status"],
  },
  { group: "batch", plural: "cronjobs", singular: "cronjob", namespaced: true, shortNames: ["cj"], subresources: ["status"] },
  { group: "batch", plural: "jobs", singular: "job", namespaced: true, subresources: ["status"] },
  {
    group: "certificates.k8s.io",
    plural: "certificatesigningrequests",
    singular: "certificatesigningrequest",
    namespaced: false,
    shortNames: ["csr"],
    subresources: ["approval", "status"],
  },
  { group: "certificates.k8s.io", plural: "clustertrustbundles", singular: "clustertrustbundle", namespaced: false },
  {
    group: "certificates.k8s.io",
    plural: "podcertificaterequests",
    singular: "podcertificaterequest",
    namespaced: true,
    subresources: ["status"],
  },
  { group: "coordination.k8s.io", plural: "leasecandidates", singular: "leasecandidate", namespaced: true },
  { group: "coordination.k8s.io", plural: "leases", singular: "lease", namespaced: true },
  { group: "discovery.k8s.io", plural: "endpointslices", singular: "endpointslice", namespaced: true },
  { group: "events.k8s.io", plural: "events", singular: "event", namespaced: true, shortNames: ["ev"] },
  { group: "flowcontrol.apiserver.k8s.io", plural: "flowschemas", singular: "flowschema", namespaced: false, subresources: ["status"] },
  {
    group: "flowcontrol.apiserver.k8s.io",
    plural: "prioritylevelconfigurations",
    singular: "prioritylevelconfiguration",
    namespaced: false,
    subresources: ["status"],
  },
  {
    group: "internal.apiserver.k8s.io",
    plural: "storageversions",
    singular: "storageversion",
    namespaced: false,
    subresources: ["status"],
  },
  { group: "networking.k8s.io", plural: "ingressclasses", singular: "ingressclass", namespaced: false },
  { group: "networking.k8s.io", plural: "ingresses", singular: "ingress", namespaced: true, shortNames: ["ing"], subresources: ["status"] },
  { group: "networking.k8s.io", plural: "ipaddresses", singular: "ipaddress", namespaced: false, shortNames: ["ip"] },
  { group: "networking.k8s.io", plural: "networkpolicies", singular: "networkpolicy", namespaced: true, shortNames: ["netpol"] },
  { group: "networking.k8s.io", plural: "servicecidrs", singular: "servicecidr", namespaced: false, subresources: ["status"] },
  { group: "node.k8s.io", plural: "runtimeclasses", singular: "runtimeclass", namespaced: false },
  {
    group: "policy",
    plural: "poddisruptionbudgets",
    singular: "poddisruptionbudget",
    namespaced: true,
    shortNames: ["pdb"],
    subresources: ["status"],
  },
  { group: "rbac.authorization.k8s.io", plural: "clusterrolebindings", singular: "clusterrolebinding", namespaced: false },
  { group: "rbac.authorization.k8s.io", plural: "clusterroles", singular: "clusterrole", namespaced: false },
  { group: "rbac.authorization.k8s.io", plural: "rolebindings", singular: "rolebinding", namespaced: true },
  { group: "rbac.authorization.k8s.io", plural: "roles", singular: "role", namespaced: true },
  { group: "resource.k8s.io", plural: "deviceclasses", singular: "deviceclass", namespaced: false },
  { group: "resource.k8s.io", plural: "devicetaintrules", singular: "devicetaintrule", namespaced: false, subresources: ["status"] },
  { group: "resource.k8s.io", plural: "resourceclaims", singular: "resourceclaim", namespaced: true, subresources: ["status"] },
  { group: "resource.k8s.io", plural: "resourceclaimtemplates", singular: "resourceclaimtemplate", namespaced: true },
  {
    group: "resource.k8s.io",
    plural: "resourcepoolstatusrequests",
    singular: "resourcepoolstatusrequest",
    namespaced: false,
    subresources: ["status"],
  },
  { group: "resource.k8s.io", plural: "resourceslices", singular: "resourceslice", namespaced: false },
  { group: "scheduling.k8s.io", plural: "podgroups", singular: "podgroup", namespaced: true, subresources: ["status"] },
  { group: "scheduling.k8s.io", plural: "priorityclasses", singular: "priorityclass", namespaced: false, shortNames: ["pc"] },
  { group: "scheduling.k8s.io", plural: "workloads", singular: "workload", namespaced: true },
  { group: "storage.k8s.io", plural: "csidrivers", singular: "csidriver", namespaced: false },
  { group: "storage.k8s.io", plural: "csinodes", singular: "csinode", namespaced: false },
  { group: "storage.k8s.io", plural: "csistoragecapacities", singular: "csistoragecapacity", namespaced: true },
  { group: "storage.k8s.io", plural: "storageclasses", singular: "storageclass", namespaced: false, shortNames: ["sc"] },
  { group: "storage.k8s.io", plural: "volumeattachments", singular: "volumeattachment", namespaced: false, subresources: ["status"] },
  { group: "storage.k8s.io", plural: "volumeattributesclasses", singular: "volumeattributesclass", namespaced: false, shortNames: ["vac"] },
  {
    group: "storagemigration.k8s.io",
    plural: "storageversionmigrations",
    singular: "storageversionmigration",
    namespaced: false,
    subresources: ["status"],
  },
];

/** A resource that nothing serves: only authorizers are asked about it, with these verbs. */
export interface VirtualResource {
  group: string;
  plural: string;
  namespaced: boolean;
  verbs: readonly string[];
}

const constrained = ["impersonate:user-info", "impersonate:serviceaccount", "impersonate:arbitrary-node", "impersonate:associated-node"];

/** Where each is asked: k8s.io/apiserver pkg/endpoints/filters/impersonation; k8s.io/kubernetes plugin/pkg/admission/certificates. */
export const virtualResources: readonly VirtualResource[] = [
  { group: "", plural: "users", namespaced: false, verbs: ["impersonate"] },
  { group: "", plural: "groups", namespaced: false, verbs: ["impersonate"] },
  { group: "authentication.k8s.io", plural: "uids", namespaced: false, verbs: ["impersonate", "impersonate:user-info"] },
  { group: "authentication.k8s.io", plural: "userextras", namespaced: false, verbs: ["impersonate", "impersonate:user-info"] },
  { group: "authentication.k8s.io", plural: "users", namespaced: false, verbs: constrained.slice(0, 1) },
  { group: "authentication.k8s.io", plural: "groups", namespaced: false, verbs: constrained.slice(0, 1) },
  { group: "authentication.k8s.io", plural: "serviceaccounts", namespaced: true, verbs: constrained.slice(1, 2) },
  { group: "authentication.k8s.io", plural: "nodes", namespaced: false, verbs: constrained.slice(2) },
  { group: "certificates.k8s.io", plural: "signers", namespaced: false, verbs: ["approve", "sign", "attest"] },
];

/**
 * Resources that Kubernetes 1.36 doesn't serve and whose `use` an admission controller asks about, in the pod's namespace: OpenShift's
 * (github.com/openshift/apiserver-library-go pkg/securitycontextconstraints/sccmatching), and up to 1.24 Kubernetes' own.
 */
export const usedResources: readonly (KubernetesResource & { kind: string })[] = [
  {
    group: "security.openshift.io",
    plural: "securitycontextconstraints",
    singular: "securitycontextconstraint",
    kind: "SecurityContextConstraints",
    namespaced: true,
    shortNames: ["scc"],
  },
  {
    group: "policy",
    plural: "podsecuritypolicies",
    singular: "podsecuritypolicy",
    kind: "PodSecurityPolicy",
    namespaced: true,
    shortNames: ["psp"],
  },
];

/** Verbs beside those of every object, and the resources that they are asked about where Kubernetes asks, of those that it serves. */
export const extraVerbs: readonly { verb: string; group: string; plurals: readonly string[] }[] = [
  { verb: "impersonate", group: "", plurals: ["serviceaccounts"] },
  { verb: "bind", group: "rbac.authorization.k8s.io", plurals: ["roles", "clusterroles"] },
  { verb: "escalate", group: "rbac.authorization.k8s.io", plurals: ["roles", "clusterroles"] },
];

/** Of a node, what only the kubelet asks about: https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/ */
export const kubeletSubresources: readonly string[] = [
  "metrics",
  "stats",
  "log",
  "spec",
  "healthz",
  "pods",
  "configz",
  "checkpoint",
  "statusz",
  "flagz",
];

/** The verb of node audience restriction, whose resource is an audience: any text, mostly a URL (plugin/pkg/admission/noderestriction). */
export const audienceVerb = "request-serviceaccounts-token-audience";

const groups = new Set(kubernetesResources.map(({ group }) => group));

/** Whether Kubernetes itself serves the API group. */
export function isKubernetesGroup(group: string): boolean {
  return groups.has(group);
}

const scopes = new Map(
  [...virtualResources, ...kubernetesResources].map(({ group, plural, namespaced }) => [`${group}/${plural}`, namespaced]),
);

/** Whether objects of a resource of Kubernetes' own are in namespaces; undefined for others. `resource` may have a subresource. */
export function isNamespaced(group: string, resource: string): boolean | undefined {
  return scopes.get(`${group}/${resource.split("/")[0]}`);
}

/** Whether objects of a kind of Kubernetes' own belong to no namespace; false for others. */
export function isClusterWide(group: string, kind: string): boolean {
  const singular = kind.toLowerCase();
  return kubernetesResources.some((one) => !one.namespaced && one.group === group && one.singular === singular);
}
