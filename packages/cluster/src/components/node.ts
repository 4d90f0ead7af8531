import { Resolver } from "node:dns/promises";
import type { Component, Setting } from "./component.ts";
import { component } from "./control-plane.ts";
import { nodeName, nodeNetwork, services } from "./network.ts";

/** The address of containerd in the node's mount namespace, where /run is the node's own. */
export const containerdSocket = "/run/containerd/containerd.sock";

export const pauseImage = "docker.io/library/pause:latest";

/** The processes of the real node, and the DNS server for its pods; none when the cluster has no real node. */
export function realNode(setting: Setting): Component[] {
  const { state, paths } = setting;
  if (state.slot === undefined) return [];
  return [
    component(
      state,
      "containerd",
      { config: paths.inNode("node/containerd.toml") },
      { inNode: true, env: { PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` } },
    ),
    component(
      state,
      "kubelet",
      {
        ...(state.requestedCertificates === undefined
          ? { kubeconfig: paths.inNode("kubelet.kubeconfig") }
          : {
              "bootstrap-kubeconfig": paths.inNode("kubelet-bootstrap.kubeconfig"),
              // The kubelet makes both.
              kubeconfig: paths.inNode("node/kubelet.kubeconfig"),
              "cert-dir": paths.inNode("node/kubelet-pki"),
            }),
        config: paths.inNode("node/kubelet.yaml"),
        "hostname-override": nodeName,
        "node-ip": nodeNetwork(state.slot).node,
      },
      { inNode: true },
    ),
    component(state, "kube-proxy", { config: paths.inNode("node/kube-proxy.yaml") }, { inNode: true }),
    // Beside its configuration, which would take some letters of a path for its own.
    component(state, "coredns", { conf: "Corefile" }, { cwd: paths.in("node") }),
  ];
}

/** Whether kube-proxy has written its rules: then pods reach services. */
export async function proxies({ slot = 0 }: Setting["state"]): Promise<boolean> {
  return (await fetch(`http://${nodeNetwork(slot).node}:10256/healthz`)).ok;
}

/** Of the API server, in every cluster. */
export const apiName = `kubernetes.default.svc.${services.domain}`;

/** Whether the DNS server knows the cluster's services. */
export async function resolves({ slot = 0, ports }: Setting["state"]): Promise<boolean> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`${nodeNetwork(slot).host}:${ports.dns}`]);
  return (await resolver.resolve4(apiName)).includes(services.api);
}
