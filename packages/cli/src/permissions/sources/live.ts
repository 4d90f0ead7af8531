import { ApiError, builtin, ConnectionError, gate, isForbidden, isNotFound, type Transport } from "@plimsoll/kube";
import { exitCode, Failure } from "../../failure.ts";
import { unreachable } from "../../report.ts";
import type { ClusterOptions } from "../../connect/cluster-options.ts";
import { opened } from "../../connect/open.ts";
import type { Rbac } from "../subjects/access.ts";
import { identityIn, type Account } from "../objects/cloud-identity.ts";
import { defaultClusterRole } from "../subjects/default-bindings.ts";
import { allowsPrivileged } from "../objects/pod-security.ts";
import type { SourcedRole } from "../objects/role.ts";

const { declare, allow } = gate(builtin);
const rbac = "rbac.authorization.k8s.io";

/** What `plimsoll permissions` reads from a cluster, as the user who calls it. */
const permissions = declare("cli-permissions", [
  allow(["get", "list"], `clusterroles.${rbac}`, "rules from the cluster; who-can, what-can, risks --live"),
  allow(["get", "list"], `roles.${rbac}`, "rules from the cluster; who-can, what-can, risks --live"),
  allow("list", `clusterrolebindings.${rbac}`, "who-can, what-can, risks --live"),
  allow("list", `rolebindings.${rbac}`, "who-can, what-can, risks --live"),
  allow(["get", "list"], "namespaces", "graph, risks --live: where pods may be privileged"),
  allow(["get", "list"], "serviceaccounts", "what-can: whether it exists; graph, risks --live: those in reach"),
]);

export type Client = ReturnType<typeof permissions.client>;

/** As `opened`; what keeps a question from being answered ends with exit code 2, for 1 is the answer no, or that something was found. */
export async function openedToAsk<T>(options: ClusterOptions, work: (transport: Transport) => Promise<T>): Promise<T> {
  try {
    return await opened(options, work);
  } catch (error) {
    if (error instanceof ConnectionError) throw new Failure(unreachable(error), exitCode.usage);
    if (error instanceof ApiError || error instanceof Failure) throw new Failure(error.message, exitCode.usage);
    throw error;
  }
}

/** Runs `work` with a client of the cluster that the options name. */
export async function withRbac<T>(options: ClusterOptions, work: (client: Client, transport: Transport) => Promise<T>): Promise<T> {
  return openedToAsk(options, (transport) => work(permissions.client(transport), transport));
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
 * The bindings come first: of one that was just made after its role, the role is then there, too. Where a namespace is given, rights in it suffice, for what counts there.
 */
export async function readRbac(client: Client, namespace?: string): Promise<Rbac> {
  try {
    return await readEverywhere(client);
  } catch (error) {
    if (!(error instanceof NotPermitted) || namespace === undefined) throw error;
    return readWithin(client, namespace);
  }
}

async function readEverywhere(client: Client): Promise<Rbac> {
  const [roleBindings, clusterRoleBindings] = await Promise.all([
    all(client(`rolebindings.${rbac}`).list()),
    all(client(`clusterrolebindings.${rbac}`).list()),
  ]);
  const [roles, clusterRoles] = await Promise.all([all(client(`roles.${rbac}`).list()), all(client(`clusterroles.${rbac}`).list())]);
  return { roles, clusterRoles, roleBindings, clusterRoleBindings };
}

/**
 * What counts in a namespace. Who may not see what is bound in the whole cluster gets the namespace's own bindings, and is told; a ClusterRole that
 * may not be read is taken for the default of its name, if it has one.
 */
async function readWithin(client: Client, namespace: string): Promise<Rbac> {
  const [roleBindings, clusterRoleBindings] = await Promise.all([
    all(client(`rolebindings.${rbac}`).list({ namespace }), namespace),
    permitted(all(client(`clusterrolebindings.${rbac}`).list())),
  ]);
  const [roles, clusterRoles] = await Promise.all([
    all(client(`roles.${rbac}`).list({ namespace }), namespace),
    permitted(all(client(`clusterroles.${rbac}`).list())),
  ]);
  if (clusterRoleBindings === undefined)
    console.error(`note: you may not list clusterrolebindings: who holds it in the whole cluster is left out, but in ${namespace} too`);
  const named = new Set(roleBindings.flatMap(({ roleRef }) => (roleRef.kind === "ClusterRole" ? [roleRef.name] : [])));
  return {
    roles,
    roleBindings,
    clusterRoleBindings: clusterRoleBindings ?? [],
    clusterRoles: clusterRoles ?? (await readNamed(client, [...named])),
  };
}

async function readNamed(client: Client, names: readonly string[]): Promise<Rbac["clusterRoles"]> {
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        return await client(`clusterroles.${rbac}`).get({ name });
      } catch (error) {
        if (isNotFound(error)) return undefined;
        if (!isForbidden(error)) throw error;
        const rules = defaultClusterRole(name);
        const told = rules === undefined ? "what it grants is left out" : "it is taken for the one that came with Kubernetes";
        console.error(`note: you may not get ClusterRole "${name}": ${told}`);
        return { metadata: { name }, rules: rules ?? [] };
      }
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** Nothing where the user may not. */
async function permitted<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NotPermitted) return undefined;
    throw error;
  }
}

class NotPermitted extends Failure {}

/** The minor version of Kubernetes 1 that the API server is; whoever is logged in may ask. */
export async function readVersion(transport: Transport): Promise<number> {
  const { minor } = await transport.request<{ minor: string }>({ method: "GET", path: "/version" });
  return Number.parseInt(minor, 10);
}

/** Everything that a listing has: of the cluster, or of the namespace where one is given. */
async function all<T>(listing: AsyncIterable<T>, namespace?: string): Promise<T[]> {
  try {
    return await Array.fromAsync(listing);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const told = error.message.replace(/^.*403 Forbidden: /, "");
    if (namespace !== undefined) throw new NotPermitted(`${told}; this takes list on roles and rolebindings in namespace ${namespace}`);
    throw new NotPermitted(
      `${told}; this takes list on roles, clusterroles, rolebindings and clusterrolebindings in the whole cluster, and risks --live also on serviceaccounts; where -n names a namespace, list on roles and rolebindings there suffices`,
    );
  }
}

/** Every ServiceAccount; where the user may not list them all, those of the namespace. */
export async function readAccounts(client: Client, namespace?: string): Promise<Account[]> {
  const everywhere =
    namespace === undefined ? await all(client("serviceaccounts").list()) : await permitted(all(client("serviceaccounts").list()));
  const accounts = everywhere ?? (await all(client("serviceaccounts").list({ namespace: namespace ?? "" }), namespace));
  return accounts.map(({ metadata }) => ({
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    ...identityIn(metadata.annotations),
  }));
}

/** The same, for who is somebody in a cloud alone: that stays open, and is told, where the user may not read them. */
export async function readIdentities(client: Client, namespace?: string): Promise<Account[]> {
  const accounts = await permitted(readAccounts(client, namespace));
  if (accounts === undefined) console.error("note: you may not list serviceaccounts: who reaches cloud identities is left out");
  return accounts ?? [];
}

/** The namespaces that let privileged pods in, of all or the one asked about; which they are stays open, and is told, where the user may not read them. */
export async function readPrivileged(client: Client, namespace?: string): Promise<string[]> {
  try {
    const namespaces = client("namespaces");
    const found = namespace === undefined ? await Array.fromAsync(namespaces.list()) : [await namespaces.get({ name: namespace })];
    return found.filter(({ metadata }) => allowsPrivileged(metadata.labels)).map(({ metadata }) => metadata.name);
  } catch (error) {
    if (isNotFound(error)) return [];
    if (!isForbidden(error)) throw error;
    console.error(
      `note: you may not ${namespace === undefined ? "list namespaces" : `get namespace ${namespace}`}: who reaches nodes by privileged pods is left out`,
    );
    return [];
  }
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
