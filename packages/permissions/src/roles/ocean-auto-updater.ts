import type { ReferenceRole } from "./reference.ts";

const rbac = ["rbac.authorization.k8s.io"];
const updater = ["ocean-controller-auto-updater"];
const controller = ["ocean-controller-ocean-kubernetes-controller"];

/** What the auto-update job of "Ocean Controller Version 2 Permissions" may do in the cluster. */
export const oceanAutoUpdaterClusterRole: ReferenceRole = {
  kind: "ClusterRole",
  name: "ocean-controller-auto-updater",
  sections: [
    {
      feature: "auto-update/updater",
      purpose: "the auto updater requires",
      rules: [
        { apiGroups: rbac, resources: ["clusterrolebindings"], resourceNames: updater, verbs: ["get", "patch"] },
        { apiGroups: rbac, resources: ["clusterroles"], resourceNames: updater, verbs: ["get", "patch", "escalate", "bind"] },
      ],
    },
    {
      feature: "auto-update/controller",
      purpose: "the controller requires",
      rules: [
        { apiGroups: rbac, resources: ["clusterroles"], resourceNames: controller, verbs: ["get", "patch", "escalate", "bind"] },
        { apiGroups: rbac, resources: ["clusterrolebindings"], resourceNames: controller, verbs: ["get", "patch"] },
      ],
    },
  ],
};

/** What it may do in the namespace of its installation. */
export const oceanAutoUpdaterRole: ReferenceRole = {
  kind: "Role",
  name: "ocean-controller-auto-updater",
  sections: [
    {
      feature: "auto-update/updater",
      purpose: "the auto updater requires",
      rules: [
        { apiGroups: rbac, resources: ["rolebindings"], resourceNames: updater, verbs: ["get", "patch"] },
        { apiGroups: rbac, resources: ["roles"], resourceNames: updater, verbs: ["get", "patch", "escalate", "bind"] },
        { apiGroups: [""], resources: ["serviceaccounts"], resourceNames: updater, verbs: ["get", "patch"] },
      ],
    },
    {
      feature: "auto-update/helm",
      purpose: "Helm management (resource name not required because the name is dynamic)",
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["create", "get", "update", "list", "delete"] }],
    },
    {
      feature: "auto-update/rollout",
      purpose: "required to monitor the deployments rollout after the upgrade (resource name not required because the name is dynamic)",
      rules: [{ apiGroups: ["apps"], resources: ["replicasets"], verbs: ["list", "watch"] }],
    },
    {
      feature: "auto-update/controller",
      purpose: "the controller requires",
      rules: [
        { apiGroups: ["apps"], resources: ["deployments"], resourceNames: controller, verbs: ["get", "patch"] },
        { apiGroups: [""], resources: ["configmaps"], resourceNames: controller, verbs: ["get", "patch"] },
        { apiGroups: [""], resources: ["secrets"], resourceNames: controller, verbs: ["get", "patch"] },
        { apiGroups: [""], resources: ["serviceaccounts"], resourceNames: controller, verbs: ["get", "patch"] },
        { apiGroups: rbac, resources: ["roles"], resourceNames: controller, verbs: ["get", "patch", "escalate", "bind"] },
        { apiGroups: rbac, resources: ["rolebindings"], resourceNames: controller, verbs: ["get", "patch"] },
      ],
    },
  ],
};
