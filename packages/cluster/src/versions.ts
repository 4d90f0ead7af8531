/** Everything that is pinned: a change here, and `go mod tidy` in the tool's folder, is an upgrade. */
export const versions = {
  kubernetes: "v1.36.3",
  etcd: "v3.6.16",
  kwok: "v0.8.0",
  containerd: "v2.4.2",
  coredns: "v1.15.0",
} as const;

export type Tool = keyof typeof versions;

interface Program {
  tool: Tool;
  /** The Go package of the command. */
  package: string;
}

/** Every binary that a cluster runs, and the module in tools/ that it comes from. */
export const programs = {
  etcd: { tool: "etcd", package: "go.etcd.io/etcd/server/v3" },
  "kube-apiserver": { tool: "kubernetes", package: "k8s.io/kubernetes/cmd/kube-apiserver" },
  "kube-controller-manager": { tool: "kubernetes", package: "k8s.io/kubernetes/cmd/kube-controller-manager" },
  "kube-scheduler": { tool: "kubernetes", package: "k8s.io/kubernetes/cmd/kube-scheduler" },
  "kube-proxy": { tool: "kubernetes", package: "k8s.io/kubernetes/cmd/kube-proxy" },
  kubelet: { tool: "kubernetes", package: "k8s.io/kubernetes/cmd/kubelet" },
  kubectl: { tool: "kubernetes", package: "k8s.io/kubernetes/cmd/kubectl" },
  kwok: { tool: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok" },
  containerd: { tool: "containerd", package: "github.com/containerd/containerd/v2/cmd/containerd" },
  "containerd-shim-runc-v2": { tool: "containerd", package: "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2" },
  ctr: { tool: "containerd", package: "github.com/containerd/containerd/v2/cmd/ctr" },
  coredns: { tool: "coredns", package: "github.com/coredns/coredns" },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;
