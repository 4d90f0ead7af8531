import { gate, systemClock, type Sender, type Stored } from "@plimsoll/kube";
import type { ClusterRole } from "kubernetes-types/rbac/v1.d.ts";
import { clusterName } from "../../grant.ts";
import { installationLabel } from "../../roles.ts";
import { fieldManager, ours } from "../objects/complete.ts";
import { roleAndBinding } from "../objects/extensions.ts";
import { InstallationError } from "../failure.ts";
import { catalogue } from "./catalogue.ts";
import type { StatusClient } from "./permissions.ts";
import { isGone, persistently } from "./persistently.ts";

/** What else the features of an installation may read, beside what its values say. */
export interface Extension {
  name: string;
  group: string;
  resources: string[];
  verbs: string[];
}

const { declare, allow } = gate(catalogue);
const roles = "clusterroles.rbac.authorization.k8s.io";
const bindings = "clusterrolebindings.rbac.authorization.k8s.io";

/** What it takes to change extensions. */
export const extensionPermissions = declare("extensions", [
  allow(["get", "patch", "create", "delete"], roles, "the role of an extension"),
  allow(["get", "patch", "create", "delete"], bindings, "to grant it to the controller"),
]);

/** Its value is the installation's namespace. No installation has it on its own objects: they leave extensions alone. */
const extensionLabel = "plimsoll.dev/extension-of";
const prefix = "plimsoll-extension-";

/** The extensions of the installation in a namespace, by name. */
export async function readExtensions(client: StatusClient, namespace: string): Promise<Extension[]> {
  const select = { labelSelector: `${extensionLabel}=${namespace}` };
  const found: Stored<ClusterRole>[] = await Array.fromAsync(client(roles).list(select));
  return found.map(({ metadata, rules }) => {
    const [{ apiGroups: [group = ""] = [], resources = [], verbs = [] } = {}] = rules ?? [];
    return { name: metadata.name.slice(prefix.length).split(":")[0] ?? "", group, resources, verbs };
  });
}

/** The ServiceAccounts of the installation's processes. Throws an InstallationError where there is none. */
export async function accountsOf(client: StatusClient, namespace: string): Promise<string[]> {
  const select = { namespace, labelSelector: `${installationLabel}=${namespace}` };
  const deployments = await Array.fromAsync(client("deployments.apps").list(select));
  const accounts = await Array.fromAsync(client("serviceaccounts").list(select));
  const names = new Set([
    ...deployments.map(({ spec }) => spec?.template.spec?.serviceAccountName ?? "default"),
    ...accounts.map(({ metadata }) => metadata.name),
  ]);
  if (names.size === 0) throw new InstallationError(`Plimsoll is not installed in namespace "${namespace}": give its namespace with -n`);
  return [...names].sort();
}

/** Grants an extension to ServiceAccounts; done again, it says what is granted from then on. */
export async function addExtension(
  sender: Sender,
  namespace: string,
  { name, group, resources, verbs }: Extension,
  accounts: readonly string[],
): Promise<void> {
  const rules = [{ apiGroups: [group], resources, verbs }];
  const labels = { "app.kubernetes.io/name": "plimsoll", [extensionLabel]: namespace };
  const client = extensionPermissions.client(sender);
  for (const object of roleAndBinding(clusterName(prefix + name, namespace), namespace, accounts, labels, rules)) {
    const resource = object.kind === "ClusterRole" ? roles : bindings;
    const options = { type: "apply", fieldManager, force: true } as const;
    await persistently<unknown>(systemClock, () => client(resource).patch({ name: object.metadata.name }, ours(object), options));
  }
}

/** Takes an extension away, its binding first; false where there was none. */
export async function removeExtension(sender: Sender, namespace: string, name: string): Promise<boolean> {
  const client = extensionPermissions.client(sender);
  const ref = { name: clusterName(prefix + name, namespace) };
  let found = false;
  for (const resource of [bindings, roles] as const) {
    try {
      const { metadata } = await client(resource).get(ref);
      if (metadata.labels?.[extensionLabel] !== namespace) continue;
      await persistently(systemClock, () => client(resource).delete(ref, { preconditions: { uid: metadata.uid } }));
      found = true;
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  return found;
}
