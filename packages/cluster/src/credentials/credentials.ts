import { mkdirSync, writeFileSync } from "node:fs";
import { kubeconfig } from "./kubeconfig.ts";
import { addressOf } from "../components/control-plane.ts";
import { nodeName, nodeNetwork, services } from "../components/network.ts";
import { Authority, signingKey } from "./pki.ts";
import type { Setting } from "../components/component.ts";

/** The users of a cluster's own processes, by the name of their kubeconfig. */
const clients = {
  "controller-manager": { commonName: "system:kube-controller-manager" },
  scheduler: { commonName: "system:kube-scheduler" },
  kubelet: { commonName: `system:node:${nodeName}`, groups: ["system:nodes"] },
  "kubelet-bootstrap": { commonName: "system:bootstrap:plimsoll", groups: ["system:bootstrappers"] },
  "kube-proxy": { commonName: "system:kube-proxy" },
  kwok: { commonName: "plimsoll:kwok", groups: ["system:masters"] },
  coredns: { commonName: "plimsoll:coredns" },
  provisioner: { commonName: "plimsoll:provisioner" },
  "metrics-server": { commonName: "plimsoll:metrics-server" },
};

/** Makes every key, certificate and kubeconfig of a new cluster; files are readable by their owner only. */
export async function writeCredentials({ state, paths }: Setting): Promise<void> {
  mkdirSync(paths.in("pki"), { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): void => writeFileSync(paths.in(name), text, { mode: 0o600 });
  const address = addressOf(state);
  const server = `https://${address}:${state.ports.apiserver}`;

  const ca = await Authority.create(`plimsoll ${state.name}`);
  const frontProxy = await Authority.create("plimsoll front proxy");
  // An authority of its own: who is anybody in the cluster is nobody to etcd.
  const etcd = await Authority.create("plimsoll etcd");
  const accounts = await signingKey();
  const admin = await ca.issue({ commonName: "admin", groups: ["system:masters"] });
  const pairs = {
    ca: ca.pair,
    "etcd-ca": etcd.pair,
    etcd: await etcd.issue({ commonName: "etcd", addresses: ["127.0.0.1"] }),
    "etcd-client": await etcd.issue({ commonName: "kube-apiserver" }),
    "front-proxy-ca": frontProxy.pair,
    "front-proxy-client": await frontProxy.issue({ commonName: "front-proxy-client" }),
    "kubelet-client": await ca.issue({ commonName: "kube-apiserver", groups: ["system:masters"] }),
    apiserver: await ca.issue({
      commonName: "kube-apiserver",
      dnsNames: ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", `kubernetes.default.svc.${services.domain}`],
      addresses: [address, services.api],
    }),
    "metrics-server": await ca.issue({ commonName: "metrics-server", dnsNames: ["metrics-server.kube-system.svc"] }),
    kubelet: await ca.issue({
      commonName: `system:node:${nodeName}`,
      groups: ["system:nodes"],
      dnsNames: [nodeName],
      addresses: [nodeNetwork(state.slot ?? 0).node],
    }),
  };
  for (const [name, pair] of Object.entries(pairs)) {
    write(`pki/${name}.crt`, pair.cert);
    write(`pki/${name}.key`, pair.key);
  }
  write("pki/service-accounts.key", accounts.key);
  write("pki/service-accounts.pub", accounts.publicKey);
  for (const [name, subject] of Object.entries(clients)) {
    write(`${name}.kubeconfig`, kubeconfig(state.name, server, ca.pair.cert, name, await ca.issue(subject)));
  }
  write("kubeconfig", kubeconfig(state.name, server, ca.pair.cert, "admin", admin));
}
