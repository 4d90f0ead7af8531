/** Where the manifests of another project's roles are read. */
export type Source = GoModule | Checkout;

interface GoModule {
  module: string;
  version: string;
  /** What go.sum says of the module's zip. */
  sum: string;
}

interface Checkout {
  /** The environment variable that names a checkout's folder; without it the peer is left out. */
  folder: string;
  repository: string;
}

export interface Peer {
  name: string;
  source: Source;
  /** Manifests with the roles and bindings of all that runs beside the API server, within the source. */
  files: readonly string[];
}

const argo = "manifests/cluster-install-no-crds";
const kfp = "manifests/kustomize";

/** As each project's own documentation installs it for a whole cluster; KFP in the one namespace of its standalone installation. */
export const peers: readonly Peer[] = [
  {
    name: "Argo Workflows",
    source: { module: "github.com/argoproj/argo-workflows/v4", version: "v4.0.5", sum: "h1:/1lru5oXUd+k6KEDUps6rLX5OKfi1jTfabgXTly/VFU=" },
    files: [
      `${argo}/workflow-controller-rbac/workflow-controller-clusterrole.yaml`,
      `${argo}/workflow-controller-rbac/workflow-controller-clusterrolebinding.yaml`,
      `${argo}/workflow-controller-rbac/workflow-controller-role.yaml`,
      `${argo}/workflow-controller-rbac/workflow-controller-rolebinding.yaml`,
      `${argo}/argo-server-rbac/argo-server-clusterole.yaml`,
      `${argo}/argo-server-rbac/argo-server-clusterolebinding.yaml`,
    ],
  },
  {
    name: "Tekton Pipelines",
    source: { module: "github.com/tektoncd/pipeline", version: "v1.6.0", sum: "h1:A+D+jzOVl2QNl/yiNT7csVgBUy2wpz6K6+/D4q5lfss=" },
    files: [
      "config/200-clusterrole.yaml",
      "config/200-role.yaml",
      "config/201-clusterrolebinding.yaml",
      "config/201-rolebinding.yaml",
      "config/resolvers/200-clusterrole.yaml",
      "config/resolvers/200-role.yaml",
      "config/resolvers/201-clusterrolebinding.yaml",
      "config/resolvers/201-rolebinding.yaml",
    ],
  },
  {
    name: "Kubeflow Pipelines",
    source: { folder: "KFP", repository: "github.com/kubeflow/pipelines" },
    files: [
      ...["apiserver", "persistenceagent", "scheduledworkflow", "ui", "viewer-crd"].flatMap((part) => [
        `${kfp}/base/pipeline/ml-pipeline-${part}-role.yaml`,
        `${kfp}/base/pipeline/ml-pipeline-${part}-rolebinding.yaml`,
      ]),
      `${kfp}/base/pipeline/metadata-writer/metadata-writer-role.yaml`,
      `${kfp}/base/pipeline/metadata-writer/metadata-writer-rolebinding.yaml`,
      `${kfp}/base/pipeline/pipeline-runner-role.yaml`,
      `${kfp}/base/pipeline/pipeline-runner-rolebinding.yaml`,
      `${kfp}/third-party/argo/upstream/manifests/namespace-install/workflow-controller-rbac/workflow-controller-role.yaml`,
      `${kfp}/third-party/argo/upstream/manifests/namespace-install/workflow-controller-rbac/workflow-controller-rolebinding.yaml`,
    ],
  },
];
