import { stringify } from "yaml";
import type { KeyPair } from "./pki.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A kubeconfig with everything in it, so that the file may be copied anywhere on this machine. */
export function kubeconfig(cluster: string, server: string, authority: string, user: string, pair: KeyPair): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: cluster, cluster: { server, "certificate-authority-data": base64(authority) } }],
    users: [{ name: user, user: { "client-certificate-data": base64(pair.cert), "client-key-data": base64(pair.key) } }],
    contexts: [{ name: cluster, context: { cluster, user } }],
    "current-context": cluster,
  });
}
