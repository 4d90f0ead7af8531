import type { ServiceAccount } from "kubernetes-types/core/v1.d.ts";
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "kubernetes-types/rbac/v1.d.ts";
import { defaultNamespace, grantsOf, type Grant, type RolesOptions } from "./grant.ts";

export type { RolesOptions } from "./grant.ts";
export { defaultNamespace } from "./grant.ts";
export { commentedYaml } from "./commented-yaml.ts";
export { checkNamespace } from "./names.ts";

type Named<T> = T & { apiVersion: string; metadata: { name: string; labels: Record<string, string> } };
type InNamespace<T> = Named<T> & { metadata: { namespace: string } };

/** An object that gives the controller its identity or its rights. */
export type RbacObject =
  | (InNamespace<ServiceAccount> & { kind: "ServiceAccount" })
  | (Named<ClusterRole> & { kind: "ClusterRole" })
  | (Named<ClusterRoleBinding> & { kind: "ClusterRoleBinding" })
  | (InNamespace<Role> & { kind: "Role" })
  | (InNamespace<RoleBinding> & { kind: "RoleBinding" });

/** The label by which the objects of an installation are known; its value is the controller's namespace. */
export const installationLabel = "plimsoll.dev/installation";

/** What every object of the installation in a namespace is labelled with. */
export function labelsOf(own: string): Record<string, string> {
  return { "app.kubernetes.io/name": "plimsoll", [installationLabel]: own };
}

const group = "rbac.authorization.k8s.io";

/** An object and, where it is a role, the feature and the reason of each of its rules. */
export interface CommentedObject {
  object: RbacObject;
  comments: readonly string[];
}

/** The objects that grant the features what they declare, in the order in which to apply them. Throws an Error as `grantsOf` does. */
export function roles(options: RolesOptions = {}): RbacObject[] {
  return commentedRoles(options).map(({ object }) => object);
}

/** The same, with their comments. */
export function commentedRoles(options: RolesOptions = {}): CommentedObject[] {
  const own = options.namespace ?? defaultNamespace;
  const labels = labelsOf(own);
  const grants = grantsOf(options);
  const accounts = [...new Set(grants.map(({ account }) => account))];
  return [
    ...accounts.map((name): CommentedObject => ({
      object: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: own, labels } },
      comments: [],
    })),
    ...grants.map((grant) => ({
      object: roleOf(grant, labels),
      comments: grant.rules.map(({ feature, reason }) => `${feature}: ${reason}`),
    })),
    ...grants.map((grant) => ({ object: bindingOf(grant, own, labels), comments: [] })),
  ];
}

function roleOf({ role: name, namespace, rules: declared }: Grant, labels: Record<string, string>): RbacObject {
  const rules = declared.map(({ apiGroups, resources, resourceNames, verbs }) => ({
    apiGroups,
    resources,
    ...(resourceNames === undefined ? {} : { resourceNames }),
    verbs,
  }));
  const apiVersion = `${group}/v1`;
  return namespace === undefined
    ? { apiVersion, kind: "ClusterRole", metadata: { name, labels }, rules }
    : { apiVersion, kind: "Role", metadata: { name, namespace, labels }, rules };
}

function bindingOf({ account, role: name, namespace }: Grant, own: string, labels: Record<string, string>): RbacObject {
  const apiVersion = `${group}/v1`;
  const subjects = [{ kind: "ServiceAccount", name: account, namespace: own }];
  return namespace === undefined
    ? {
        apiVersion,
        kind: "ClusterRoleBinding",
        metadata: { name, labels },
        roleRef: { apiGroup: group, kind: "ClusterRole", name },
        subjects,
      }
    : {
        apiVersion,
        kind: "RoleBinding",
        metadata: { name, namespace, labels },
        roleRef: { apiGroup: group, kind: "Role", name },
        subjects,
      };
}
