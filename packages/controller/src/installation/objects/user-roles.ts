import { group, kinds, sparkCrds, sparkGroup } from "@plimsoll/api";
import type { PolicyRule } from "@plimsoll/permissions";
import { clusterName } from "../../grant.ts";
import { labelsOf } from "../../roles.ts";
import { bigDataRules, hasBigData } from "./big-data.ts";
import type { KubernetesObject } from "./metadata.ts";
import { runsSpark } from "./spark.ts";
import type { Values } from "../values/values.ts";

/** What adds the kinds that Plimsoll runs to Kubernetes' own roles view, edit and admin (the latter has all that edit has). */
export function userRoles(namespace: string, values: Pick<Values, "features">): KubernetesObject[] {
  const spark = sparkCrds().map(({ metadata }) => metadata.name.replace(`.${sparkGroup}`, ""));
  const served = [
    { apiGroups: [group], resources: kinds.map(({ plural }) => plural).sort() },
    ...(runsSpark(values) ? [{ apiGroups: [sparkGroup], resources: spark.sort() }] : []),
  ];
  const role = (name: "view" | "edit", verbs: string[]): KubernetesObject =>
    ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: {
        name: clusterName(`plimsoll-${name}`, namespace),
        labels: { ...labelsOf(namespace), [`rbac.authorization.k8s.io/aggregate-to-${name}`]: "true" },
      },
      rules: [...served.map((kinds): PolicyRule => ({ ...kinds, verbs })), ...(hasBigData(values) ? bigDataRules[name] : [])],
    }) as KubernetesObject;
  return [role("view", ["get", "list", "watch"]), role("edit", ["create", "update", "patch", "delete", "deletecollection"])];
}
