import type { Scope } from "./scope.ts";
import type { Verb } from "./verb.ts";

/** One RBAC rule, with where it is to hold and the reason why the feature needs it. */
export interface DeclaredRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: Verb[];
  scope: Scope;
  reason: string;
}
