import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stringify } from "yaml";
import type { Setting } from "./component.ts";
import { nodeName, nodeNetwork, services, type NodeNetwork } from "./network.ts";
import { cgroupOf } from "../host/cgroup.ts";
import { apiName, containerdSocket, pauseImage } from "./node.ts";
import { tomlString } from "./toml.ts";

/** Writes the configuration of every process of the real node. */
export function writeNodeFiles({ state, paths }: Setting): void {
  if (state.slot === undefined) return;
  const network = nodeNetwork(state.slot);
  const write = (name: string, text: string): void => {
    const path = paths.in("node", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  write(
    "containerd.toml",
    containerdConfig(paths.inNode("node/containerd"), paths.inNode("node/cni"), state.binaries["containerd-shim-runc-v2"] ?? ""),
  );
  write("cni/10-bridge.conflist", JSON.stringify(cni(network, paths.inNode("node/ipam"))));
  write("Corefile", corefile(network, state.ports.dns));
  write(
    "kube-proxy.yaml",
    stringify({
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      mode: "iptables",
      hostnameOverride: nodeName,
      clusterCIDR: network.pods,
      clientConnection: { kubeconfig: paths.inNode("kube-proxy.kubeconfig") },
      // The machine's own limits stay as they are.
      conntrack: { maxPerCore: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
      // An answer between two pods of one bridge would else go past the rules that turn its address back.
      iptables: { minSyncPeriod: "100ms", masqueradeAll: true, localhostNodePorts: false },
    }),
  );
  write(
    "kubelet.yaml",
    stringify({
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: paths.inNode("pki/ca.crt") } },
      authorization: { mode: "Webhook" },
      ...(state.requestedCertificates === undefined
        ? { tlsCertFile: paths.inNode("pki/kubelet.crt"), tlsPrivateKeyFile: paths.inNode("pki/kubelet.key") }
        : { serverTLSBootstrap: true, rotateCertificates: true }),
      address: network.node,
      // Nobody asks there.
      healthzPort: 0,
      cgroupDriver: "cgroupfs",
      cgroupRoot: `/${cgroupOf(network.slot)}`,
      failCgroupV1: false,
      failSwapOn: false,
      containerRuntimeEndpoint: `unix://${containerdSocket}`,
      clusterDomain: services.domain,
      clusterDNS: [services.dns],
      resolvConf: paths.inNode("resolv.conf"),
      podLogsDir: paths.inNode("node/pod-logs"),
      volumePluginDir: paths.inNode("node/kubelet-plugins"),
      maxPods: 110,
      serializeImagePulls: false,
      // The disk and its images are the user's: nothing is evicted or deleted for their sake.
      imageGCHighThresholdPercent: 100,
      evictionHard: { "memory.available": "50Mi", "nodefs.available": "1%", "nodefs.inodesFree": "1%", "imagefs.available": "1%" },
    }),
  );
}

const containerdConfig = (root: string, cni: string, shim: string): string => `
version = 3
root = "${root}"
state = "/run/containerd"
disabled_plugins = ["io.containerd.nri.v1.nri", "io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp"]

[grpc]
address = "${containerdSocket}"

[plugins."io.containerd.internal.v1.opt"]
path = "${root}/opt"

[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "${pauseImage}"

[plugins."io.containerd.cri.v1.runtime"]
# A machine that is itself a container may not lower the score.
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true

[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = ["/usr/lib/cni", "/opt/cni/bin"]
conf_dir = "${cni}"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
runtime_path = ${tomlString(shim)}

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
BinaryName = "runc"
SystemdCgroup = false
`;

const cni = (network: NodeNetwork, dataDir: string) => ({
  cniVersion: "1.0.0",
  name: "plimsoll",
  plugins: [
    {
      type: "bridge",
      bridge: "cni0",
      isGateway: true,
      hairpinMode: true,
      ipam: { type: "host-local", ranges: [[{ subnet: network.pods }]], routes: [{ dst: "0.0.0.0/0" }], dataDir },
    },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
});

/**
 * It runs on the machine, so that names of others are asked of the machine's own resolvers, wherever those listen. It is the
 * pods' alone: the machine's users learn no more than that it answers, by a name that every cluster has.
 */
const corefile = (network: NodeNetwork, port: number): string => `.:${port} {
  bind ${network.host}
  acl ${apiName} {
    allow
  }
  acl {
    allow net ${network.node} ${network.pods}
    block
  }
  errors
  kubernetes ${services.domain} in-addr.arpa ip6.arpa {
    kubeconfig ../coredns.kubeconfig
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
    ttl 5
  }
  forward . /etc/resolv.conf
  cache 30
}
`;
