import type { PolicyRule } from "../rule.ts";
import type { Scopes } from "../within-namespace.ts";
import type { Risk } from "./danger.ts";

/** A risk that some rules bear. `severity` is that of these rules, one less than the risk's own where all, or all of one part of a combination, are held to names. */
export interface Finding extends Risk {
  /** Indexes of the rules. */
  rules: number[];
}

/** Kinds with a pod in them. A RoleBinding gives only those that are in namespaces. */
export type PodKinds = readonly { group: string; resource: string; namespaced: boolean }[];

/** What is known about where the rules hold; without it they are taken to hold for the cluster. */
export interface Reach {
  /** The namespace of the RoleBinding: cluster-scoped objects are then out of reach. */
  namespace?: string;
  /** Kinds, beside those that are known, whose schema has a pod in it. */
  podKinds?: PodKinds;
  /** Whether resources are in namespaces, beside what is known of those of Kubernetes' own. */
  scopes?: Scopes;
  /** Namespaces that let privileged pods in. */
  privileged?: readonly string[];
  /** ServiceAccounts, as NAMESPACE/NAME or NAME, that a pod or token made with these rules could use, their rules, and who they are in a cloud. */
  accounts?: readonly { name: string; rules: readonly PolicyRule[]; identity?: string }[];
}
