import type { PolicyRule } from "@plimsoll/permissions";
import { gathersOthers } from "../objects/aggregation.ts";
import { difference, type Difference } from "./difference.ts";
import { grantedBy } from "../ask/answer.ts";
import { titleOf, type SourcedRole } from "../objects/role.ts";

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

/**
 * What an owner may do with a role that grants more than its own: change or create it with `escalate`, which is asked for with the name of a role
 * that is there and without one for a new one, and bind it with `bind`, asked for where the binding is.
 */
export function pastCheck(owner: readonly SourcedRole[], role: SourcedRole): { mayWrite: boolean; told: string[] } {
  const { kind, name, namespace } = role;
  if (kind === undefined || name === undefined) return { mayWrite: false, told: [] };
  const on = { group: "rbac.authorization.k8s.io", resource: kind === "Role" ? "roles" : "clusterroles" };
  const within = kind === "Role" && namespace !== undefined ? { namespace } : {};
  const may = (verb: string, more: { name?: string }): boolean => grantedBy(owner, { verb, ...on, ...more, ...within }) !== undefined;
  const mayCreate = may("escalate", {});
  const mayWrite = may("escalate", { name });
  const title = titleOf({ kind, name, ...(namespace === undefined ? {} : { namespace }) });
  return {
    mayWrite,
    told: [
      ...(mayWrite
        ? [
            `the owner may escalate ${title}: the API server lets it be ${mayCreate ? "written" : "changed, though not created"} with what it lacks`,
          ]
        : []),
      ...(may("bind", { name }) ? [`the owner may bind ${title}: the API server lets it be bound with what it lacks`] : []),
    ],
  };
}
