import type { ReferenceRole } from "./reference.ts";

const all = ["get", "list", "watch", "create", "update", "patch", "delete"];

/** "ClusterRole for AI Pipeline Automation and Job Scheduling", as its Pulumi program makes it. */
export const aiPipeline: ReferenceRole = {
  kind: "ClusterRole",
  name: "ai-pipeline-cluster-role",
  sections: [
    {
      feature: "core",
      purpose: "core API groups (pods, services, etc.)",
      rules: [{ apiGroups: [""], resources: ["pods", "pods/log", "services", "endpoints", "persistentvolumeclaims"], verbs: all }],
    },
    {
      feature: "batch",
      purpose: "batch API groups (jobs)",
      rules: [{ apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: all }],
    },
    {
      feature: "custom-resources",
      purpose: "custom resource definitions, in case you have custom resources for AI workflows",
      optional: true,
      rules: [
        {
          apiGroups: ["apiextensions.k8s.io"],
          resources: ["customresourcedefinitions"],
          verbs: ["get", "list", "watch", "create", "delete"],
        },
      ],
    },
  ],
};
