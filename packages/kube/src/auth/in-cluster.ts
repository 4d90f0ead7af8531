import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { clusterSchema, userSchema, type Connection } from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

export function runsInCluster(env: NodeJS.ProcessEnv = process.env, folder = serviceAccount): boolean {
  return env["KUBERNETES_SERVICE_HOST"] !== undefined && existsSync(join(folder, "token"));
}

/** The connection of a pod with a ServiceAccount; `folder` is where its token is mounted. */
export function inClusterConnection(env: NodeJS.ProcessEnv = process.env, folder = serviceAccount): Connection {
  const host = env["KUBERNETES_SERVICE_HOST"];
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "443";
  if (!host) throw new KubeconfigError("not in a cluster: KUBERNETES_SERVICE_HOST is not set; name a kubeconfig instead");
  const namespaceFile = join(folder, "namespace");
  return {
    cluster: {
      ...clusterSchema.parse({ "certificate-authority": join(folder, "ca.crt") }),
      server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    },
    user: userSchema.parse({ tokenFile: join(folder, "token") }),
    namespace: existsSync(namespaceFile) ? readFileSync(namespaceFile, "utf8").trim() : "default",
  };
}
