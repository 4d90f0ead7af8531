import type { ReferenceRole } from "./reference.ts";

/** The document's example of a role that gives the controller more: reading custom resources, for the analysis of cost. */
export const oceanExtension: ReferenceRole = {
  kind: "ClusterRole",
  name: "spotinst-kubernetes-cluster-controller-extentions",
  sections: [
    {
      feature: "extension",
      purpose: "collecting custom resources for cost analysis; the groups and kinds are the user's to name",
      optional: true,
      rules: [
        { apiGroups: ["myCustomAPIGroupName.api.k8s.io"], resources: ["customResource1", "customResource2"], verbs: ["get", "list"] },
      ],
    },
  ],
};

/** Whom the example binds it to. */
export const oceanExtensionSubject = {
  kind: "ServiceAccount",
  name: "ocean-controller-ocean-kubernetes-controller",
  namespace: "spot-system",
} as const;
