import type { ServiceAccount } from "kubernetes-types/core/v1.d.ts";
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "kubernetes-types/rbac/v1.d.ts";
import { defaultNamespace, grantsOf, type Grant, type RolesOptions } from "./grant.ts";

export type { RolesOptions } from "./grant.ts";

type Named<T> = T & { apiVersion: string; metadata: { name: string; labels: Record<string, string> } };
type InNamespace<T> = Named<T> & { metadata: { namespace: string } };

/** An object that gives the controller its identity or its rights. */
export type RbacObject =
  | (InNamespace<ServiceAccount> & { kind: "ServiceAccount" })
  | (Named<ClusterRole> & { kind: "ClusterRole" })
  | (Named<ClusterRoleBinding> & { kind: "ClusterRoleBinding" })
  | (InNamespace<Role> & { kind: "Role" })
  | (InNamespace<RoleBinding> & { kind: "RoleBinding" });

const labels = { "app.kubernetes.io/name": "plimsoll" };
const group = "rbac.authorization.k8s.io";

/** The objects that grant the features what they declare, in the order in which to apply them. */
export function roles(options: RolesOptions = {}): RbacObject[] {
  const own = options.namespace ?? defaultNamespace;
  const grants = grantsOf(options);
  return [...[...new Set(grants.map(({ account }) => account))].map((account) => accountOf(account, own)), ...grants.map(roleOf), ...grants.map((grant) => bindingOf(grant, own))];
}

function accountOf(name: string, namespace: string): RbacObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace, labels } };
}

/** The role as an object; its rules stand in the order of `rules`. */
export function roleOf({ account: name, namespace, rules: declared }: Grant): RbacObject {
  const rules = declared.map(({ apiGroups, resources, resourceNames, verbs }) => ({ apiGroups, resources, ...(resourceNames === undefined ? {} : { resourceNames }), verbs }));
  const apiVersion = `${group}/v1`;
  return namespace === undefined ? { apiVersion, kind: "ClusterRole", metadata: { name, labels }, rules } : { apiVersion, kind: "Role", metadata: { name, namespace, labels }, rules };
}

function bindingOf({ account: name, namespace }: Grant, own: string): RbacObject {
  const apiVersion = `${group}/v1`;
  const subjects = [{ kind: "ServiceAccount", name, namespace: own }];
  return namespace === undefined
    ? { apiVersion, kind: "ClusterRoleBinding", metadata: { name, labels }, roleRef: { apiGroup: group, kind: "ClusterRole", name }, subjects }
    : { apiVersion, kind: "RoleBinding", metadata: { name, namespace, labels }, roleRef: { apiGroup: group, kind: "Role", name }, subjects };
}
