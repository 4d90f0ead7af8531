import { group, kinds } from "@plimsoll/api";
import { clusterName } from "../grant.ts";
import { labelsOf } from "../roles.ts";
import type { KubernetesObject } from "./metadata.ts";

/** What adds Plimsoll's kinds to Kubernetes' own roles view, edit and admin (the latter has all that edit has). */
export function userRoles(namespace: string): KubernetesObject[] {
  const resources = kinds.map(({ plural }) => plural).sort();
  const role = (name: string, verbs: string[]): KubernetesObject =>
    ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: {
        name: clusterName(`plimsoll-${name}`, namespace),
        labels: { ...labelsOf(namespace), [`rbac.authorization.k8s.io/aggregate-to-${name}`]: "true" },
      },
      rules: [{ apiGroups: [group], resources, verbs }],
    }) as KubernetesObject;
  return [role("view", ["get", "list", "watch"]), role("edit", ["create", "update", "patch", "delete", "deletecollection"])];
}
