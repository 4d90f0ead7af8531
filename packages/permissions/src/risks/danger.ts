/** From least to most. */
export const severities = ["low", "medium", "high", "critical"] as const;

/** How much harm a grant can do. */
export type Severity = (typeof severities)[number];

/** What is known of a dangerous grant. */
export interface Risk {
  id: string;
  severity: Severity;
  title: string;
  /** What whoever holds the grant can do with it. */
  attack: string;
  /** Where that is documented. */
  source: string;
  /** What to grant instead. */
  narrow: string;
}

/** A risk, and any of the grants that make it: a verb on a resource with its subresource. */
export interface Danger extends Risk {
  grants: readonly Grants[];
  /** A grant held to names counts one severity less, for only the named objects are exposed; not where names change nothing. */
  namesHelp?: false;
  /** Where a RoleBinding makes it a danger; without it, anywhere. */
  namespaces?: readonly string[];
  /** Names that are as bad as all. */
  worstNames?: readonly string[];
}

export interface Grants {
  verbs: readonly string[];
  group: string;
  resources: readonly string[];
  /** Of kinds that aren't Kubernetes' own: where their schema has what makes the danger. */
  shown?: string;
}
