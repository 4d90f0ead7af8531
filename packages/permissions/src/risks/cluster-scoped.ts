const kinds: Readonly<Record<string, readonly string[]>> = {
  "management.cattle.io": ["globalroles", "globalrolebindings", "roletemplates"],
  "karpenter.k8s.aws": ["ec2nodeclasses"],
  "karpenter.azure.com": ["aksnodeclasses"],
  "argoproj.io": ["clusterworkflowtemplates", "clusteranalysistemplates"],
  "trainer.kubeflow.org": ["clustertrainingruntimes"],
  "serving.kserve.io": ["clusterservingruntimes", "clusterstoragecontainers"],
  "projectcalico.org": ["globalnetworkpolicies", "tier.globalnetworkpolicies", "tiers"],
  "crd.projectcalico.org": ["globalnetworkpolicies", "tiers"],
  "cilium.io": ["ciliumclusterwidenetworkpolicies"],
  "policy.networking.k8s.io": ["clusternetworkpolicies", "adminnetworkpolicies", "baselineadminnetworkpolicies"],
  "crd.antrea.io": ["clusternetworkpolicies"],
  "kyverno.io": ["clusterpolicies", "clustercleanuppolicies"],
  "mutations.gatekeeper.sh": ["assign", "assignmetadata", "assignimage", "modifyset"],
  "templates.gatekeeper.sh": ["constrainttemplates"],
  "policies.kyverno.io": ["mutatingpolicies", "generatingpolicies", "deletingpolicies", "validatingpolicies", "imagevalidatingpolicies"],
  "external-secrets.io": ["clusterexternalsecrets", "clustersecretstores", "clusterpushsecrets"],
  "kubeflow.org": ["profiles"],
  "apps.kruise.io": ["sidecarsets"],
  "shipwright.io": ["clusterbuildstrategies"],
  "postgresql.cnpg.io": ["clusterimagecatalogs"],
  "pkg.crossplane.io": ["deploymentruntimeconfigs", "providers", "functions", "configurations"],
};

/** Whether, of others' kinds, one is in no namespace. */
export function isClusterScoped(group: string, plural: string): boolean {
  return kinds[group]?.includes(plural) ?? false;
}
