import type { Transport } from "@plimsoll/kube";
import type { Component, Setting } from "./component.ts";
import { component } from "./control-plane.ts";
import { nodeNetwork } from "./network.ts";

/** The server of metrics.k8s.io, which asks the real node's kubelet; none where it wasn't asked for. */
export function metricsServer({ state, paths }: Setting): Component[] {
  if (state.slot === undefined || state.metricsPort === undefined) return [];
  const kubeconfig = paths.in("metrics-server.kubeconfig");
  return [
    component(state, "metrics-server", {
      kubeconfig,
      "authentication-kubeconfig": kubeconfig,
      "authorization-kubeconfig": kubeconfig,
      "bind-address": nodeNetwork(state.slot).host,
      "secure-port": state.metricsPort,
      "tls-cert-file": paths.in("pki/metrics-server.crt"),
      "tls-private-key-file": paths.in("pki/metrics-server.key"),
      "kubelet-certificate-authority": paths.in("pki/ca.crt"),
      "kubelet-preferred-address-types": "InternalIP",
      // The least that it takes: what is used is known the sooner.
      "metric-resolution": "10s",
      // It must be less than that.
      "kubelet-request-timeout": "5s",
      // Simulated nodes have no kubelet.
      "node-selector": "type!=kwok",
    }),
  ];
}

/** Whether what is used can be asked. Before, namespaces can't be deleted: not all of the API answers. */
export async function answersMetrics(transport: Transport): Promise<boolean> {
  const { items } = await transport.request<{ items: unknown[] }>({ method: "GET", path: "/apis/metrics.k8s.io/v1beta1/nodes" });
  return items.length > 0;
}
