import type { CustomResourceDefinition } from "kubernetes-types/apiextensions/v1.d.ts";
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { TokenRequest } from "kubernetes-types/authentication/v1.d.ts";
import type { Scale } from "kubernetes-types/autoscaling/v1.d.ts";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.d.ts";
import type { CronJob, Job } from "kubernetes-types/batch/v1.d.ts";
import type { SelfSubjectRulesReview, SubjectAccessReview } from "kubernetes-types/authorization/v1.d.ts";
import type { CertificateSigningRequest } from "kubernetes-types/certificates/v1.d.ts";
import type { Lease } from "kubernetes-types/coordination/v1.d.ts";
import type {
  ConfigMap,
  Event,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Secret,
  Service,
  ServiceAccount,
} from "kubernetes-types/core/v1.d.ts";
import type { Event as EventsV1Event } from "kubernetes-types/events/v1.d.ts";
import type { NetworkPolicy } from "kubernetes-types/networking/v1.d.ts";
import type { RuntimeClass } from "kubernetes-types/node/v1.d.ts";
import type { Eviction, PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "kubernetes-types/rbac/v1.d.ts";
import type { PriorityClass } from "kubernetes-types/scheduling/v1.d.ts";
import type { StorageClass } from "kubernetes-types/storage/v1.d.ts";
import { resource, type KubeObject, type LogText } from "./resource.ts";

const core = { group: "", version: "v1" };
const apps = { group: "apps", version: "v1", namespaced: true } as const;
const batch = { group: "batch", version: "v1", namespaced: true } as const;
const rbac = { group: "rbac.authorization.k8s.io", version: "v1" };

const metrics = { group: "metrics.k8s.io", version: "v1beta1" };

const pods = { ...core, plural: "pods", kind: "Pod", namespaced: true } as const;
const nodes = { ...core, plural: "nodes", kind: "Node", namespaced: false } as const;
const namespaces = { ...core, plural: "namespaces", kind: "Namespace", namespaced: false } as const;
const serviceAccounts = { ...core, plural: "serviceaccounts", kind: "ServiceAccount", namespaced: true } as const;
const jobs = { ...batch, plural: "jobs", kind: "Job" } as const;
const deployments = { ...apps, plural: "deployments", kind: "Deployment" } as const;
const statefulSets = { ...apps, plural: "statefulsets", kind: "StatefulSet" } as const;
const scale = { subresource: "scale", kind: "Scale", apiVersion: "autoscaling/v1" } as const;
const crds = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
} as const;
const csrs = {
  group: "certificates.k8s.io",
  version: "v1",
  plural: "certificatesigningrequests",
  kind: "CertificateSigningRequest",
  namespaced: false,
} as const;

/** What a node uses, as metrics.k8s.io/v1beta1 has it. */
export interface NodeMetrics extends KubeObject {
  usage: Record<string, string>;
}

/** What a pod's containers use, as metrics.k8s.io/v1beta1 has it. */
export interface PodMetrics extends KubeObject {
  /** The end of the time that the use is of, and how long that is: RFC 3339, and a duration of Go's. */
  timestamp?: string;
  window?: string;
  containers: { name: string; usage: Record<string, string> }[];
}

/** Kubernetes' own resources that features use, by the names that declarations use. */
export const builtin = {
  pods: resource<Pod>(pods),
  "pods/status": resource<Pod>({ ...pods, subresource: "status" }),
  "pods/log": resource<LogText>({ ...pods, subresource: "log" }),
  "pods/eviction": resource<Eviction>({ ...pods, subresource: "eviction", kind: "Eviction", apiVersion: "policy/v1" }),
  "pods/resize": resource<Pod>({ ...pods, subresource: "resize" }),
  nodes: resource<Node>(nodes),
  "nodes/status": resource<Node>({ ...nodes, subresource: "status" }),
  namespaces: resource<Namespace>(namespaces),
  configmaps: resource<ConfigMap>({ ...core, plural: "configmaps", kind: "ConfigMap", namespaced: true }),
  secrets: resource<Secret>({ ...core, plural: "secrets", kind: "Secret", namespaced: true }),
  events: resource<Event>({ ...core, plural: "events", kind: "Event", namespaced: true }),
  services: resource<Service>({ ...core, plural: "services", kind: "Service", namespaced: true }),
  serviceaccounts: resource<ServiceAccount>(serviceAccounts),
  "serviceaccounts/token": resource<TokenRequest>({
    ...serviceAccounts,
    subresource: "token",
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
  }),
  persistentvolumes: resource<PersistentVolume>({ ...core, plural: "persistentvolumes", kind: "PersistentVolume", namespaced: false }),
  persistentvolumeclaims: resource<PersistentVolumeClaim>({
    ...core,
    plural: "persistentvolumeclaims",
    kind: "PersistentVolumeClaim",
    namespaced: true,
  }),
  "jobs.batch": resource<Job>(jobs),
  "jobs.batch/status": resource<Job>({ ...jobs, subresource: "status" }),
  "cronjobs.batch": resource<CronJob>({ ...batch, plural: "cronjobs", kind: "CronJob" }),
  "deployments.apps": resource<Deployment>(deployments),
  "deployments.apps/status": resource<Deployment>({ ...deployments, subresource: "status" }),
  "deployments.apps/scale": resource<Scale>({ ...deployments, ...scale }),
  "replicasets.apps": resource<ReplicaSet>({ ...apps, plural: "replicasets", kind: "ReplicaSet" }),
  "statefulsets.apps": resource<StatefulSet>(statefulSets),
  "statefulsets.apps/scale": resource<Scale>({ ...statefulSets, ...scale }),
  "daemonsets.apps": resource<DaemonSet>({ ...apps, plural: "daemonsets", kind: "DaemonSet" }),
  "horizontalpodautoscalers.autoscaling": resource<HorizontalPodAutoscaler>({
    group: "autoscaling",
    version: "v2",
    plural: "horizontalpodautoscalers",
    kind: "HorizontalPodAutoscaler",
    namespaced: true,
  }),
  "leases.coordination.k8s.io": resource<Lease>({
    group: "coordination.k8s.io",
    version: "v1",
    plural: "leases",
    kind: "Lease",
    namespaced: true,
  }),
  "events.events.k8s.io": resource<EventsV1Event>({
    group: "events.k8s.io",
    version: "v1",
    plural: "events",
    kind: "Event",
    namespaced: true,
  }),
  "storageclasses.storage.k8s.io": resource<StorageClass>({
    group: "storage.k8s.io",
    version: "v1",
    plural: "storageclasses",
    kind: "StorageClass",
    namespaced: false,
  }),
  "customresourcedefinitions.apiextensions.k8s.io": resource<CustomResourceDefinition>(crds),
  "certificatesigningrequests.certificates.k8s.io": resource<CertificateSigningRequest>(csrs),
  "certificatesigningrequests.certificates.k8s.io/approval": resource<CertificateSigningRequest>({ ...csrs, subresource: "approval" }),
  "certificatesigningrequests.certificates.k8s.io/status": resource<CertificateSigningRequest>({ ...csrs, subresource: "status" }),
  /** They are no objects: "approve" on one, by its name, is checked behind the approval of a request. */
  "signers.certificates.k8s.io": resource<object>({
    group: "certificates.k8s.io",
    version: "v1",
    plural: "signers",
    kind: "Signer",
    namespaced: false,
  }),
  "subjectaccessreviews.authorization.k8s.io": resource<SubjectAccessReview>({
    group: "authorization.k8s.io",
    version: "v1",
    plural: "subjectaccessreviews",
    kind: "SubjectAccessReview",
    namespaced: false,
  }),
  "selfsubjectrulesreviews.authorization.k8s.io": resource<SelfSubjectRulesReview>({
    group: "authorization.k8s.io",
    version: "v1",
    plural: "selfsubjectrulesreviews",
    kind: "SelfSubjectRulesReview",
    namespaced: false,
  }),
  "roles.rbac.authorization.k8s.io": resource<Role>({ ...rbac, plural: "roles", kind: "Role", namespaced: true }),
  "rolebindings.rbac.authorization.k8s.io": resource<RoleBinding>({
    ...rbac,
    plural: "rolebindings",
    kind: "RoleBinding",
    namespaced: true,
  }),
  "clusterroles.rbac.authorization.k8s.io": resource<ClusterRole>({
    ...rbac,
    plural: "clusterroles",
    kind: "ClusterRole",
    namespaced: false,
  }),
  "clusterrolebindings.rbac.authorization.k8s.io": resource<ClusterRoleBinding>({
    ...rbac,
    plural: "clusterrolebindings",
    kind: "ClusterRoleBinding",
    namespaced: false,
  }),
  "nodes.metrics.k8s.io": resource<NodeMetrics>({ ...metrics, plural: "nodes", kind: "NodeMetrics", namespaced: false }),
  "pods.metrics.k8s.io": resource<PodMetrics>({ ...metrics, plural: "pods", kind: "PodMetrics", namespaced: true }),
  "networkpolicies.networking.k8s.io": resource<NetworkPolicy>({
    group: "networking.k8s.io",
    version: "v1",
    plural: "networkpolicies",
    kind: "NetworkPolicy",
    namespaced: true,
  }),
  "poddisruptionbudgets.policy": resource<PodDisruptionBudget>({
    group: "policy",
    version: "v1",
    plural: "poddisruptionbudgets",
    kind: "PodDisruptionBudget",
    namespaced: true,
  }),
  "priorityclasses.scheduling.k8s.io": resource<PriorityClass>({
    group: "scheduling.k8s.io",
    version: "v1",
    plural: "priorityclasses",
    kind: "PriorityClass",
    namespaced: false,
  }),
  "runtimeclasses.node.k8s.io": resource<RuntimeClass>({
    group: "node.k8s.io",
    version: "v1",
    plural: "runtimeclasses",
    kind: "RuntimeClass",
    namespaced: false,
  }),
};
