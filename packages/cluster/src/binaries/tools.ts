import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A program's source: a Go module whose version is pinned by `tools/NAME/go.mod`, the one place where versions stand. */
export interface Tool {
  name: string;
  module: string;
  /** Binary → its Go package. */
  packages: Record<string, string>;
  tags?: string;
  /** Static, for an image from scratch or a host without a C compiler. */
  static?: boolean;
  /** Given the version. */
  ldflags?: (version: string) => string;
}

const kubernetes = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "kubectl"] as const;
const containerd = ["containerd", "containerd-shim-runc-v2", "ctr"] as const;

export type HelmVersion = 3 | 4;

const vpaModule = "k8s.io/autoscaler/vertical-pod-autoscaler";

/** Two of VerticalPodAutoscaler's programs: what evicts pods, and what changes them as they are made. */
export type VpaProgram = "vpa-updater" | "vpa-admission-controller";

export type Binary =
  | (typeof kubernetes)[number]
  | (typeof containerd)[number]
  | "etcd"
  | "kwok"
  | "coredns"
  | "metrics-server"
  | `helm${HelmVersion}`
  | VpaProgram;

const commands = (names: readonly string[], folder: string) => Object.fromEntries(names.map((name) => [name, `${folder}/${name}`]));

export const tools: readonly Tool[] = [
  { name: "kubernetes", module: "k8s.io/kubernetes", packages: commands(kubernetes, "k8s.io/kubernetes/cmd"), ldflags: kubernetesVersion },
  { name: "etcd", module: "go.etcd.io/etcd/server/v3", packages: { etcd: "go.etcd.io/etcd/server/v3" } },
  { name: "kwok", module: "sigs.k8s.io/kwok", packages: commands(["kwok"], "sigs.k8s.io/kwok/cmd") },
  {
    name: "containerd",
    module: "github.com/containerd/containerd/v2",
    packages: commands(containerd, "github.com/containerd/containerd/v2/cmd"),
    // Snapshotters that need C libraries.
    tags: "no_btrfs,no_zfs,no_aufs,no_devmapper",
    static: true,
  },
  { name: "coredns", module: "github.com/coredns/coredns", packages: { coredns: "github.com/coredns/coredns" }, static: true },
  {
    name: "metrics-server",
    module: "sigs.k8s.io/metrics-server",
    packages: commands(["metrics-server"], "sigs.k8s.io/metrics-server/cmd"),
    static: true,
  },
  helm(3),
  helm(4),
  {
    name: "vpa",
    module: vpaModule,
    packages: { "vpa-updater": `${vpaModule}/pkg/updater`, "vpa-admission-controller": `${vpaModule}/pkg/admission-controller` },
    static: true,
  },
];

/** Both programs are called `helm`; here the major version tells them apart. */
function helm(version: HelmVersion): Tool {
  const module = `helm.sh/helm/v${version}`;
  return {
    name: `helm${version}`,
    module,
    packages: { [`helm${version}`]: `${module}/cmd/helm` },
    static: true,
    ldflags: (release) => `-X ${module}/internal/version.version=${release}`,
  };
}

/** Without it, the binaries say that they are v0.0.0. */
function kubernetesVersion(version: string): string {
  const [major, minor] = version.slice(1).split(".");
  const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  return packages.map((name) => `-X ${name}.gitVersion=${version} -X ${name}.gitMajor=${major} -X ${name}.gitMinor=${minor}`).join(" ");
}

export const toolFolder = (tool: Tool): string => join(import.meta.dirname, "../../tools", tool.name);

/** As "v1.36.3". */
export function versionOf(tool: Tool): string {
  const file = join(toolFolder(tool), "go.mod");
  const line = readFileSync(file, "utf8")
    .split("\n")
    .find((line) => line.trim().startsWith(`${tool.module} v`));
  const version = line?.trim().split(" ")[1];
  if (version === undefined) throw new TypeError(`${file} does not require ${tool.module}`);
  return version;
}

export function toolOf(binary: Binary): Tool {
  const tool = tools.find(({ packages }) => binary in packages);
  if (!tool) throw new TypeError(`no tool has the binary ${binary}`);
  return tool;
}
