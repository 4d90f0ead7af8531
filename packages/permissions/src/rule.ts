/** A rule of a Role or ClusterRole, as rbac.authorization.k8s.io/v1 has it. */
export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  /** `pods`, `pods/status`, `*`, or a subresource of every resource (a star, a slash and its name). */
  resources?: string[];
  /** Empty or missing: every name. */
  resourceNames?: string[];
  /** Paths that aren't resources: `/healthz`, `/metrics*`, `*`. Only a ClusterRole's count. */
  nonResourceURLs?: string[];
}
