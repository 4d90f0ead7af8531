import type { InferredRoles, PolicyRule } from "@plimsoll/permissions";

const group = "rbac.authorization.k8s.io";
const apiVersion = `${group}/v1`;

export interface RoleObject {
  apiVersion: string;
  kind: "ClusterRole" | "Role";
  metadata: { name: string; namespace?: string };
  rules: PolicyRule[];
}

/** The roles as objects of the API. */
export function roleObjects({ cluster, namespaces }: InferredRoles, name: string): RoleObject[] {
  const wide: RoleObject[] = cluster.length === 0 ? [] : [{ apiVersion, kind: "ClusterRole", metadata: { name }, rules: cluster }];
  return [
    ...wide,
    ...[...namespaces].map(([namespace, rules]): RoleObject => ({ apiVersion, kind: "Role", metadata: { name, namespace }, rules })),
  ];
}

/** What hands the roles out to a user, a ServiceAccount's own object before it. */
export function bindingObjects(roles: readonly RoleObject[], user: string): object[] {
  const [, home, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  const isAccount = home !== undefined && account !== undefined;
  const subject = isAccount ? { kind: "ServiceAccount", name: account, namespace: home } : { apiGroup: group, kind: "User", name: user };
  return [
    ...(isAccount ? [{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace: home } }] : []),
    ...roles.map(({ kind, metadata }) => ({
      apiVersion,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: group, kind, name: metadata.name },
      subjects: [subject],
    })),
  ];
}
