import type { Scope } from "./scope.ts";
import type { Verb } from "./verb.ts";

/** Values of a feature's own configuration, by their keys. */
export type Settings = Readonly<Record<string, string | boolean>>;

/** One RBAC rule, with where it is to hold and the reason why the feature needs it. */
export interface DeclaredRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: Verb[];
  scope: Scope;
  reason: string;
  /** Where the feature's configuration has one of these values, it doesn't need the rule. */
  unless?: Settings;
}
