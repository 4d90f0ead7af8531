import type { PolicyRule } from "@plimsoll/permissions";

/**
 * What a driver needs, as Spark 4.3 was seen to ask for (tests/spark.test.ts): it makes its executors, watches them, takes away each that has
 * ended before it, as under dynamic allocation, and all at its end. Services, ConfigMaps and PersistentVolumeClaims are asked for where an application's sparkConf takes Spark's own defaults back.
 */
export const driverRules: readonly PolicyRule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: ["create", "get", "list", "watch", "delete", "deletecollection"] },
];

/** The ServiceAccount that drivers run as in a namespace, with its Role and the binding. */
export function driverRole(namespace: string, name: string) {
  const metadata = { name, namespace, labels: { "app.kubernetes.io/name": "plimsoll-spark-driver" } };
  const apiGroup = "rbac.authorization.k8s.io";
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion: `${apiGroup}/v1`, kind: "Role", metadata, rules: driverRules },
    {
      apiVersion: `${apiGroup}/v1`,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup, kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  ];
}
