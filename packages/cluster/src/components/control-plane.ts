import { join } from "node:path";
import { flagsOf, type Component, type ComponentName, type Setting } from "./component.ts";
import { nodeNetwork, services } from "./network.ts";

/** etcd and the API server: what everything else is a client of. */
export function apiServer({ state, paths }: Setting): Component[] {
  const { ports } = state;
  const address = addressOf(state);
  const { grpc, http, peer } = etcdUrls(state);
  return [
    component(state, "etcd", {
      "data-dir": paths.in("etcd"),
      // The cluster is for development: a power cut may lose it.
      "unsafe-no-fsync": true,
      "listen-client-urls": grpc,
      // Where TLS serves both, gRPC goes over Go's HTTP server, and takes half as much CPU again.
      "listen-client-http-urls": http,
      "advertise-client-urls": grpc,
      "listen-peer-urls": peer,
      "initial-advertise-peer-urls": peer,
      "initial-cluster": `default=${peer}`,
      // Who may write to etcd owns the cluster, and with it the machine: nobody gets in without a certificate.
      "client-cert-auth": true,
      "trusted-ca-file": paths.in("pki/etcd-ca.crt"),
      "cert-file": paths.in("pki/etcd.crt"),
      "key-file": paths.in("pki/etcd.key"),
      "peer-client-cert-auth": true,
      "peer-trusted-ca-file": paths.in("pki/etcd-ca.crt"),
      "peer-cert-file": paths.in("pki/etcd.crt"),
      "peer-key-file": paths.in("pki/etcd.key"),
      "quota-backend-bytes": 8 * 1024 ** 3,
      "log-level": "warn",
    }),
    component(state, "kube-apiserver", {
      "etcd-servers": grpc,
      "etcd-cafile": paths.in("pki/etcd-ca.crt"),
      "etcd-certfile": paths.in("pki/etcd-client.crt"),
      "etcd-keyfile": paths.in("pki/etcd-client.key"),
      "bind-address": address,
      // Loopback may not be advertised; without a real node there is nobody to reach it by the service.
      "advertise-address": state.slot === undefined ? nodeNetwork(0).host : address,
      "secure-port": ports.apiserver,
      "service-cluster-ip-range": services.network,
      "authorization-mode": "Node,RBAC",
      "enable-admission-plugins": "NodeRestriction",
      "client-ca-file": paths.in("pki/ca.crt"),
      "tls-cert-file": paths.in("pki/apiserver.crt"),
      "tls-private-key-file": paths.in("pki/apiserver.key"),
      "service-account-issuer": `https://kubernetes.default.svc.${services.domain}`,
      "service-account-key-file": paths.in("pki/service-accounts.pub"),
      "service-account-signing-key-file": paths.in("pki/service-accounts.key"),
      "kubelet-certificate-authority": paths.in("pki/ca.crt"),
      "kubelet-client-certificate": paths.in("pki/kubelet-client.crt"),
      "kubelet-client-key": paths.in("pki/kubelet-client.key"),
      "kubelet-preferred-address-types": "InternalIP",
      "enable-aggregator-routing": true,
      "requestheader-client-ca-file": paths.in("pki/front-proxy-ca.crt"),
      "requestheader-allowed-names": "front-proxy-client",
      "requestheader-extra-headers-prefix": "X-Remote-Extra-",
      "requestheader-group-headers": "X-Remote-Group",
      "requestheader-username-headers": "X-Remote-User",
      "proxy-client-cert-file": paths.in("pki/front-proxy-client.crt"),
      "proxy-client-key-file": paths.in("pki/front-proxy-client.key"),
      "audit-policy-file": state.audit ? paths.in("audit-policy.yaml") : undefined,
      "audit-log-path": state.audit ? paths.audit : undefined,
      // An event is in the file before its answer is on the wire, and never lost.
      "audit-log-mode": state.audit ? "blocking" : undefined,
      "audit-log-maxsize": state.audit ? 0 : undefined,
    }),
  ];
}

/** The processes that do the cluster's work through the API server. */
export function controlPlane({ state, paths }: Setting): Component[] {
  const { ports } = state;
  const client = (user: string) => ({
    kubeconfig: paths.in(`${user}.kubeconfig`),
    "authentication-kubeconfig": paths.in(`${user}.kubeconfig`),
    "authorization-kubeconfig": paths.in(`${user}.kubeconfig`),
  });
  // The defaults, 20 and 50 requests a second, would be what limits every run.
  const rate = state.rates === "raised" ? { "kube-api-qps": 200, "kube-api-burst": 400 } : {};
  const shared = { "bind-address": "127.0.0.1", "leader-elect": false, ...rate };
  return [
    component(state, "kube-controller-manager", {
      ...client("controller-manager"),
      ...shared,
      "secure-port": ports.controllerManager,
      "use-service-account-credentials": true,
      "service-account-private-key-file": paths.in("pki/service-accounts.key"),
      "root-ca-file": paths.in("pki/ca.crt"),
      "cluster-signing-cert-file": paths.in("pki/ca.crt"),
      "cluster-signing-key-file": paths.in("pki/ca.key"),
      "cluster-signing-duration": state.requestedCertificates,
      "requestheader-client-ca-file": paths.in("pki/front-proxy-ca.crt"),
    }),
    component(state, "kube-scheduler", { ...client("scheduler"), ...shared, "secure-port": ports.scheduler }),
    component(
      state,
      "kwok",
      {
        kubeconfig: paths.in("kwok.kubeconfig"),
        // A path would be read as CSV.
        config: "kwok.yaml",
        "manage-nodes-with-annotation-selector": "kwok.x-k8s.io/node=fake",
        "node-lease-duration-seconds": 40,
      },
      { cwd: join(import.meta.dirname, "../../stages") },
    ),
    {
      name: "provisioner",
      command: process.execPath,
      args: [join(import.meta.dirname, "../volumes/main.ts"), paths.in("provisioner.kubeconfig"), paths.volumes, paths.inNode("volumes")],
    },
  ];
}

/** Where etcd listens: for the API server, for clients of its health, metrics and HTTP API, and for other etcds, of which there are none. */
export function etcdUrls({ ports }: Setting["state"]) {
  const at = (port: number): string => `https://127.0.0.1:${port}`;
  return { grpc: at(ports.etcd), http: at(ports.etcdHttp), peer: at(ports.etcdPeer) };
}

/** Where the API server listens: pods come over the node's link, which no other machine can reach. */
export function addressOf({ slot }: Setting["state"]): string {
  return slot === undefined ? "127.0.0.1" : nodeNetwork(slot).host;
}

/** One of the resolved binaries. */
export function component(
  state: Setting["state"],
  name: ComponentName,
  flags: Parameters<typeof flagsOf>[0],
  more: Partial<Component> = {},
): Component {
  const command = state.binaries[name];
  if (command === undefined) throw new Error(`${name} was not resolved to a binary`);
  return { name, command, args: flagsOf(flags), ...more };
}
