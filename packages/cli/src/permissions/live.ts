import { builtin, gate, isForbidden, isNotFound, type Transport } from "@plimsoll/kube";
import { Failure } from "../failure.ts";
import type { ClusterOptions } from "../cluster-options.ts";
import { opened } from "../open.ts";
import type { Rbac } from "./access.ts";
import type { SourcedRole } from "./role.ts";

const { declare, allow } = gate(builtin);
const rbac = "rbac.authorization.k8s.io";

/** What `plimsoll permissions` reads from a cluster, as the user who calls it. */
const permissions = declare("cli-permissions", [
  allow(["get", "list"], `clusterroles.${rbac}`, "rules from the cluster; who-can, what-can, risks --live"),
  allow(["get", "list"], `roles.${rbac}`, "rules from the cluster; who-can, what-can, risks --live"),
  allow("list", `clusterrolebindings.${rbac}`, "who-can, what-can, risks --live"),
  allow("list", `rolebindings.${rbac}`, "who-can, what-can, risks --live"),
  allow(["get", "list"], "serviceaccounts", "what-can: whether it exists; risks --live: those in reach"),
]);

export type Client = ReturnType<typeof permissions.client>;

/** Runs `work` with a client of the cluster that the options name. */
export async function withRbac<T>(options: ClusterOptions, work: (client: Client, transport: Transport) => Promise<T>): Promise<T> {
  return opened(options, (transport) => work(permissions.client(transport), transport));
}

/** One role of the cluster; `source` is how it was asked for. */
export async function readRole(source: string, kind: "Role" | "ClusterRole", name: string, options: ClusterOptions): Promise<SourcedRole> {
  return withRbac(options, async (client, transport) => {
    const namespace = options.namespace ?? transport.namespace;
    try {
      const { metadata, ...rest } =
        kind === "Role" ? await client(`roles.${rbac}`).get({ namespace, name }) : await client(`clusterroles.${rbac}`).get({ name });
      const { managedFields: _, uid: __, resourceVersion: ___, creationTimestamp: ____, ...kept } = metadata;
      return {
        kind,
        name,
        ...(kind === "Role" ? { namespace } : {}),
        rules: rest.rules ?? [],
        source,
        lines: [],
        whole: { apiVersion: `${rbac}/v1`, kind, metadata: kept, ...rest },
      };
    } catch (error) {
      if (isNotFound(error))
        throw new Failure(
          `no ${kind} "${name}" in ${kind === "Role" ? `namespace "${namespace}"` : "the cluster"}; for a file of that name, write ./${source}`,
        );
      throw error;
    }
  });
}

/**
 * All roles and bindings, each kind read once, page by page. Throws a Failure that names what the user lacks for it.
 * The bindings come first: of one that was just made after its role, the role is then there, too.
 */
export async function readRbac(client: Client): Promise<Rbac> {
  const [roleBindings, clusterRoleBindings] = await Promise.all([
    all(client(`rolebindings.${rbac}`)),
    all(client(`clusterrolebindings.${rbac}`)),
  ]);
  const [roles, clusterRoles] = await Promise.all([all(client(`roles.${rbac}`)), all(client(`clusterroles.${rbac}`))]);
  return { roles, clusterRoles, roleBindings, clusterRoleBindings };
}

/** The minor version of Kubernetes 1 that the API server is; whoever is logged in may ask. */
export async function readVersion(transport: Transport): Promise<number> {
  const { minor } = await transport.request<{ minor: string }>({ method: "GET", path: "/version" });
  return Number.parseInt(minor, 10);
}

/** Everything of a kind in the cluster. */
async function all<T>(kind: { list: () => AsyncIterable<T> }): Promise<T[]> {
  try {
    return await Array.fromAsync(kind.list());
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new Failure(
      `${error.message.replace(/^.*403 Forbidden: /, "")}; this takes list on roles, clusterroles, rolebindings and clusterrolebindings in the whole cluster, and risks --live also on serviceaccounts`,
    );
  }
}

/** Every ServiceAccount. */
export async function readAccounts(client: Client): Promise<{ namespace: string; name: string }[]> {
  const accounts = await all(client("serviceaccounts"));
  return accounts.map(({ metadata }) => ({ namespace: metadata.namespace ?? "", name: metadata.name }));
}

/** False only when the API server says that there is no such ServiceAccount; who may not ask gets the benefit of the doubt. */
export async function accountExists(client: Client, account: { namespace: string; name: string }): Promise<boolean> {
  return client("serviceaccounts")
    .get(account)
    .then(
      () => true,
      (error: unknown) => !isNotFound(error),
    );
}
