import { crds, type CustomResourceDefinition } from "@plimsoll/api";
import { builtin, gate, systemClock, type Clock, type Transport } from "@plimsoll/kube";
import { defaultNamespace, type RolesOptions } from "./grant.ts";
import { installationLabel, roles, type RbacObject } from "./roles.ts";

const { declare, allow } = gate(builtin);

/** What installing Plimsoll takes: an administrator's rights. */
const permissions = declare("install", [
  allow(["patch", "get", "create"], "customresourcedefinitions.apiextensions.k8s.io", "to define Plimsoll's kinds"),
  allow(["patch", "create"], "namespaces", "to make the controller's namespace"),
  allow(["patch", "create", "list", "delete"], "serviceaccounts", "to give the controller its identities", { in: "own" }),
  allow(
    ["patch", "create", "list", "delete"],
    "clusterroles.rbac.authorization.k8s.io",
    "to grant what the features declare, and no longer what they did",
  ),
  allow(["patch", "create", "list", "delete"], "clusterrolebindings.rbac.authorization.k8s.io", "to grant it to the controller"),
  allow(["patch", "create", "list", "delete"], "roles.rbac.authorization.k8s.io", "to grant it in some namespaces alone"),
  allow(["patch", "create", "list", "delete"], "rolebindings.rbac.authorization.k8s.io", "to grant it to the controller there"),
]);

type Client = ReturnType<typeof permissions.client>;

/** For whom roles are made, and which kinds are defined: by default Plimsoll's own. */
export interface InstallOptions extends RolesOptions {
  crds?: CustomResourceDefinition[];
  clock?: Clock;
}

const apply = { type: "apply", fieldManager: "plimsoll-install", force: true } as const;

/**
 * Puts Plimsoll's kinds and the controller's ServiceAccounts with their roles into a cluster. Done again, it brings them up to date:
 * what the options no longer ask for is taken away.
 */
export async function install(transport: Transport, options: InstallOptions = {}): Promise<void> {
  const namespace = options.namespace ?? defaultNamespace;
  const client = permissions.client(transport, { own: namespace });
  const definitions = options.crds ?? crds();
  await Promise.all(
    definitions.map((crd) => client("customresourcedefinitions.apiextensions.k8s.io").patch({ name: crd.metadata.name }, crd, apply)),
  );
  await client("namespaces").patch(
    { name: namespace },
    { metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
    apply,
  );
  const objects = roles(options);
  for (const object of objects) await applyObject(client, object);
  await prune(client, namespace, objects);
  for (const crd of definitions) await established(client, crd.metadata.name, options.clock ?? systemClock);
}

function applyObject(client: Client, object: RbacObject): Promise<unknown> {
  if (object.kind === "ClusterRole" || object.kind === "ClusterRoleBinding")
    return client(keys[object.kind]).patch(object.metadata, object, apply);
  return client(keys[object.kind]).patch(object.metadata, object, apply);
}

/** Bindings first: what is left when this is cut off grants nothing. */
const keys = {
  ClusterRoleBinding: "clusterrolebindings.rbac.authorization.k8s.io",
  RoleBinding: "rolebindings.rbac.authorization.k8s.io",
  ClusterRole: "clusterroles.rbac.authorization.k8s.io",
  Role: "roles.rbac.authorization.k8s.io",
  ServiceAccount: "serviceaccounts",
} as const;

/** Deletes the objects of the installation in a namespace that are not among these. */
async function prune(client: Client, own: string, objects: readonly RbacObject[]): Promise<void> {
  const labelSelector = `${installationLabel}=${own}`;
  const idOf = (kind: string, { namespace = "", name = "" }: { namespace?: string; name?: string }): string =>
    `${kind} ${namespace}/${name}`;
  const wanted = new Set(objects.map(({ kind, metadata }) => idOf(kind, metadata)));
  for (const [kind, key] of Object.entries(keys)) {
    const select = kind === "ServiceAccount" ? { labelSelector, namespace: own } : { labelSelector };
    for (const { metadata } of await Array.fromAsync<{ metadata: { namespace?: string; name: string; uid: string } }>(
      client(key).list(select),
    )) {
      if (wanted.has(idOf(kind, metadata))) continue;
      const { namespace = "", name, uid } = metadata;
      await client(key).delete({ namespace, name }, { preconditions: { uid } });
    }
  }
}

/** Waits until the API server serves a kind. */
async function established(client: Client, name: string, clock: Clock): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { status } = await client("customresourcedefinitions.apiextensions.k8s.io").get({ name });
    if (status?.conditions?.some(({ type, status }) => type === "Established" && status === "True")) return;
    await clock.sleep(100);
  }
  throw new Error(`the API server does not serve ${name} ten seconds after it was defined: see \`kubectl describe crd ${name}\``);
}
