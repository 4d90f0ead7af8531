import type { ReferenceRole } from "./reference.ts";

const read = ["get", "list", "watch"];
const crud = ["get", "list", "patch", "update", "create", "delete"];
const all = ["get", "list", "watch", "patch", "update", "create", "delete"];

/** The ClusterRole of "Ocean Controller Version 2 Permissions". The document has a section on CSR approval too, but prints no rule for it. */
export const oceanController: ReferenceRole = {
  kind: "ClusterRole",
  name: "ocean-controller-ocean-kubernetes-controller",
  sections: [
    {
      feature: "ocean/readonly",
      purpose: "fetching data; required for functional operation",
      rules: [
        {
          apiGroups: [""],
          resources: [
            "pods",
            "nodes",
            "services",
            "namespaces",
            "replicationcontrollers",
            "limitranges",
            "events",
            "persistentvolumes",
            "persistentvolumeclaims",
          ],
          verbs: read,
        },
        { apiGroups: ["apps"], resources: ["deployments", "daemonsets", "statefulsets", "replicasets"], verbs: read },
        { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: read },
        { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: read },
        { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: read },
        { apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: read },
        { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: read },
        { apiGroups: ["autoscaling.k8s.io"], resources: ["verticalpodautoscalers"], verbs: read },
        { apiGroups: ["apiextensions.k8s.io"], resources: ["customresourcedefinitions"], verbs: read },
        { apiGroups: ["node.k8s.io"], resources: ["runtimeclasses"], verbs: read },
        { nonResourceURLs: ["/version/", "/version"], verbs: ["get"] },
      ],
    },
    {
      feature: "ocean/draining",
      purpose: "draining, updating nodes as unschedulable, and evicting pods",
      rules: [
        { apiGroups: [""], resources: ["nodes"], verbs: ["patch", "update"] },
        { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
        { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
      ],
    },
    {
      feature: "ocean/cleanup",
      purpose: "the AKS-Engine integration",
      rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["delete"] }],
    },
    { feature: "ocean/csr-approval", purpose: "the CSR approval feature", rules: [] },
    {
      feature: "ocean/apply",
      purpose: "the Run Workloads and Auto-Update features",
      rules: [
        { apiGroups: ["apps"], resources: ["deployments", "daemonsets"], verbs: crud },
        { apiGroups: [""], resources: ["pods"], verbs: crud },
        { apiGroups: ["batch"], resources: ["jobs"], verbs: crud },
      ],
    },
    {
      feature: "wave",
      purpose: "the Spot Big Data feature",
      rules: [
        { apiGroups: ["sparkoperator.k8s.io"], resources: ["sparkapplications", "scheduledsparkapplications"], verbs: all },
        { apiGroups: ["wave.spot.io"], resources: ["sparkapplications", "wavecomponents", "waveenvironments"], verbs: read },
        { apiGroups: ["bigdata.spot.io"], resources: ["bigdataenvironments"], verbs: all },
      ],
    },
    {
      feature: "automatic right-sizing",
      purpose: "the automatic rightsizing functionality",
      rules: [{ apiGroups: ["autoscaling.k8s.io"], resources: ["verticalpodautoscalers", "verticalpodautoscalers/status"], verbs: all }],
    },
    {
      feature: "controller/leader-election",
      purpose: "the leader-election mechanism, which is required in high-availability mode",
      rules: [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: crud }],
    },
    {
      feature: "controller/report-events",
      purpose: "allows the controller to report Kubernetes events",
      rules: [{ apiGroups: [""], resources: ["events"], verbs: ["create"] }],
    },
  ],
};

const csr = { apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests"] };
const rollouts = { apiGroups: ["argoproj.io"], resources: ["rollouts"] };

/** What the Helm chart ocean-kubernetes-controller 0.1.74 grants beyond the document: CSR approval, Argo Rollouts, right-sizing by HPAs and in place. */
const added: Record<string, ReferenceRole["sections"][number]["rules"]> = {
  "ocean/readonly": [{ ...rollouts, verbs: read }],
  "ocean/csr-approval": [
    { ...csr, verbs: ["get", "list", "delete", "create", "watch"] },
    { ...csr, resources: ["certificatesigningrequests/approval"], verbs: ["patch", "update"] },
    {
      ...csr,
      resources: ["signers"],
      resourceNames: ["kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet"],
      verbs: ["approve"],
    },
  ],
  "ocean/apply": [{ ...rollouts, verbs: crud }],
  "automatic right-sizing": [
    { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: ["patch", "update"] },
    { apiGroups: ["apps"], resources: ["deployments", "daemonsets", "statefulsets", "replicasets"], verbs: [...read, "patch", "update"] },
  ],
};

/** The same role as the Helm chart ocean-kubernetes-controller 0.1.74 makes it, with CSR approval on: 22 grants more than the document's. */
export const oceanChart: ReferenceRole = {
  ...oceanController,
  sections: oceanController.sections.map((section) => ({ ...section, rules: [...section.rules, ...(added[section.feature] ?? [])] })),
};
