import { clusterName } from "../../grant.ts";
import { labelsOf } from "../../roles.ts";
import type { Installation } from "../installation.ts";
import type { KubernetesObject } from "./metadata.ts";

const apiGroup = "rbac.authorization.k8s.io";

/** What the installation opens to the features beside what they declare: a role of its own, and its binding. */
export function extensionRoles({ values: { extensions }, namespace }: Installation, accounts: readonly string[]): KubernetesObject[] {
  if (extensions.length === 0) return [];
  const rules = extensions.map(({ group, resources, verbs }) => ({ apiGroups: [group], resources, verbs }));
  return roleAndBinding(clusterName("plimsoll-extensions", namespace), namespace, accounts, labelsOf(namespace), rules);
}

/** A ClusterRole, and its binding to ServiceAccounts of a namespace. */
export function roleAndBinding(
  name: string,
  namespace: string,
  accounts: readonly string[],
  labels: Record<string, string>,
  rules: object[],
): KubernetesObject[] {
  const apiVersion = `${apiGroup}/v1`;
  const metadata = { name, labels };
  return [
    { apiVersion, kind: "ClusterRole", metadata, rules } as KubernetesObject,
    {
      apiVersion,
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup, kind: "ClusterRole", name },
      subjects: accounts.map((account) => ({ kind: "ServiceAccount", name: account, namespace })),
    } as KubernetesObject,
  ];
}
