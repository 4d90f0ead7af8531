import { crds, type CustomResourceDefinition } from "@plimsoll/api";
import { builtin, gate, type Transport } from "@plimsoll/kube";
import { defaultNamespace, type RolesOptions } from "./grant.ts";
import { roles, type RbacObject } from "./roles.ts";

const { declare, allow } = gate(builtin);

/** What installing Plimsoll takes: an administrator's rights. */
const permissions = declare("install", [
  allow(["patch", "get", "create"], "customresourcedefinitions.apiextensions.k8s.io", "to define Plimsoll's kinds"),
  allow(["patch", "create"], "namespaces", "to make the controller's namespace"),
  allow(["patch", "create"], "serviceaccounts", "to give the controller its identity", { in: "own" }),
  allow(["patch", "create"], "clusterroles.rbac.authorization.k8s.io", "to grant what the features declare"),
  allow(["patch", "create"], "clusterrolebindings.rbac.authorization.k8s.io", "to grant it to the controller"),
  allow(["patch", "create"], "roles.rbac.authorization.k8s.io", "to grant it in some namespaces alone"),
  allow(["patch", "create"], "rolebindings.rbac.authorization.k8s.io", "to grant it to the controller there"),
]);

type Client = ReturnType<typeof permissions.client>;

export interface InstallOptions extends RolesOptions {
  crds?: CustomResourceDefinition[];
}

const apply = { type: "apply", fieldManager: "plimsoll-install", force: true } as const;

/** Puts Plimsoll's kinds and the controller's ServiceAccounts with their roles into a cluster. Done again, it brings them up to date. */
export async function install(transport: Transport, options: InstallOptions = {}): Promise<void> {
  const namespace = options.namespace ?? defaultNamespace;
  const client = permissions.client(transport, { own: namespace });
  const definitions = options.crds ?? crds();
  await Promise.all(definitions.map((crd) => client("customresourcedefinitions.apiextensions.k8s.io").patch({ name: crd.metadata.name }, crd, apply)));
  await client("namespaces").patch({ name: namespace }, { metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } } }, apply);
  for (const object of roles(options)) await applyObject(client, object);
  for (const crd of definitions) await established(client, crd.metadata.name);
}

function applyObject(client: Client, object: RbacObject): Promise<unknown> {
  switch (object.kind) {
    case "ServiceAccount":
      return client("serviceaccounts").patch(object.metadata, object, apply);
    case "ClusterRole":
      return client("clusterroles.rbac.authorization.k8s.io").patch(object.metadata, object, apply);
    case "ClusterRoleBinding":
      return client("clusterrolebindings.rbac.authorization.k8s.io").patch(object.metadata, object, apply);
    case "Role":
      return client("roles.rbac.authorization.k8s.io").patch(object.metadata, object, apply);
    case "RoleBinding":
      return client("rolebindings.rbac.authorization.k8s.io").patch(object.metadata, object, apply);
  }
}

/** Waits until the API server serves a kind. */
async function established(client: Client, name: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { status } = await client("customresourcedefinitions.apiextensions.k8s.io").get({ name });
    if (status?.conditions?.some(({ type, status }) => type === "Established" && status === "True")) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the API server does not serve ${name} ten seconds after it was defined: see \`kubectl describe crd ${name}\``);
}
