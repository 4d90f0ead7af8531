import { Transport, type KubeObject } from "@plimsoll/kube";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { kubeconfigWith } from "../../../scripts/local-controller.ts";
import { userAgent } from "../../testbed.ts";

const namespace = "tekton-pipelines";
const account = "tekton-pipelines-controller";

/** Where the kinds are that the controller needs; the rest of the manifests runs in pods, or serves the webhooks. */
const places: Readonly<Record<string, string>> = {
  Namespace: "/api/v1/namespaces",
  ServiceAccount: `/api/v1/namespaces/${namespace}/serviceaccounts`,
  ConfigMap: `/api/v1/namespaces/${namespace}/configmaps`,
  CustomResourceDefinition: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
  ClusterRole: "/apis/rbac.authorization.k8s.io/v1/clusterroles",
  ClusterRoleBinding: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
  Role: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`,
  RoleBinding: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
};

/** Installs Tekton's kinds, roles and settings from its module's folder, and writes a kubeconfig of its controller's ServiceAccount; gives its path. */
export async function install(cluster: { kubeconfig: string; folder: string }, module: string): Promise<string> {
  const transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent });
  try {
    for (const object of objectsIn(join(module, "config"))) await apply(transport, object);
    const { status } = await transport.request<{ status: { token: string } }>({
      method: "POST",
      path: `${places["ServiceAccount"]}/${account}/token`,
      body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 6 * 3600 } },
    });
    const path = join(cluster.folder, "tekton.kubeconfig");
    writeFileSync(path, kubeconfigWith(cluster.kubeconfig, status.token, namespace), { mode: 0o600 });
    return path;
  } finally {
    await transport.close();
  }
}

async function apply(transport: Transport, { kind = "", ...object }: KubeObject): Promise<void> {
  const [place, name] = [places[kind], object.metadata?.name];
  if (place === undefined || name === undefined) return;
  await transport.request({
    method: "PATCH",
    path: `${place}/${encodeURIComponent(name)}`,
    query: { fieldManager: userAgent, force: true },
    contentType: "application/apply-patch+yaml",
    body: { ...object, kind },
    idempotent: true,
  });
}

/** In the order of the files' names, as `kubectl apply -f` takes them; without the resolvers, which are a program of their own. */
function objectsIn(folder: string): KubeObject[] {
  return readdirSync(folder)
    .filter((name) => name !== "resolvers")
    .toSorted()
    .map((name) => join(folder, name))
    .flatMap((path) => {
      if (statSync(path).isDirectory()) return objectsIn(path);
      if (!path.endsWith(".yaml")) return [];
      return parseAllDocuments(readFileSync(path, "utf8")).flatMap((document) => (document.toJS() as KubeObject | null) ?? []);
    });
}
