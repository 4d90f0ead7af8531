import type { PolicyRule } from "@plimsoll/permissions";
import { gathersOthers } from "./aggregation.ts";
import { difference, type Difference } from "./difference.ts";
import type { SourcedRole } from "./role.ts";

/** What the API server wants of whoever writes a role that gathers any others' rules. */
const fullAuthority: PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/**
 * What whoever holds the owner's roles lacks to write the servant's (k8s.io/kubernetes pkg/registry/rbac/clusterrole/policybased).
 * The owner's rules are those that hold where the servant's role is: for a ClusterRole, only the cluster-wide ones.
 */
export function lacking(owner: readonly SourcedRole[], servant: readonly SourcedRole[]): Difference[] {
  const wanted = servant.map((role) => (gathersOthers(role) ? { ...role, rules: [...role.rules, ...fullAuthority] } : role));
  return difference(wanted, owner).onlyA;
}
